"""The whole of Bolt IA on one machine, without Docker.

Real servers (Kafka, PostgreSQL, Valkey, and an S3 server where tests ask for
one) and the five services, each an ordinary process on 127.0.0.1. Everything
they write lies in one folder, the state; `stack.Stack` is the way in for code,
`python -m deploy.local` for people. A new server is a `Part` in a file of its
own, and a line in `stack.py`.
"""
