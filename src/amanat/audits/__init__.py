"""The auditor's room: samples of decisions drawn so that nobody could have chosen them, and evidence to take away."""
