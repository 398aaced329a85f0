"""A library on AWS as its owner sees it: what it is made of, what it costs, how it fares."""
