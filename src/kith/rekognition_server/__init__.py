"""The door through which any Rekognition client comes: HTTP around ``kith.rekognition.wire``.

- ``serve``: runs until it is told to stop, and finishes what it began
- ``app``: one request, from its body to its log line
- ``connection``: one write per response, deadlines, no more connections than can be served
- ``work``: a bounded number of threads, and of requests that wait for one
- ``monitor``: health and metrics, on a port of their own
- ``logs``: a line of JSON per request
- ``key_file``, ``service_file``: what is read from disk
"""
