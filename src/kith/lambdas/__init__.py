"""The doors on AWS: functions that Lambda calls. Each is some lines; the pipeline does the work."""
