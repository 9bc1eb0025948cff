"""Radar coverage planning: where an aircraft flies unseen, how low, and why."""
