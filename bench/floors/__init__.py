"""The least that can be done: the same rows in as many transactions over HTTP, without the shop around them.

No ORM, no checks of what comes in, no texts, no languages, no cross-site check, no request log, no retries. What they
answer has the shape that the load generator looks at. They share the tables of the shop.
"""
