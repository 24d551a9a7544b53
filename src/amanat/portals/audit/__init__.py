"""The pages of the auditor's room."""
