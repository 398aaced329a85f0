"""``kith sort``: reference pictures of people -> a folder per person. Read ``sort`` first."""
