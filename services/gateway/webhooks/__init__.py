"""Tells users what happened: in the web UI, and wherever else they want to be told.

`feed` takes it out of Kafka, `endpoints` is what users may do, `sending` sends what is due.
"""
