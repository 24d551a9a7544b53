"""Amanat, a thing given into safe keeping: member data under a published statement that is the program."""
