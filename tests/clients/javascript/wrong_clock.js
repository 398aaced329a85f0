// A clock that is an hour ahead.
"use strict";

const now = Date.now;
Date.now = () => now() + 3_600_000;
