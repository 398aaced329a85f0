"""Ways to tell somebody: mail, a webhook, Amazon SNS, a log, and memory for tests."""
