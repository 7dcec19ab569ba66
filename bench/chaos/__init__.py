"""Batches under kills, outages, pauses and crowds: what is lost, and what is paid twice.

`schedule` says what goes wrong and when, `disturbances` does it to a stack, `load` is what
the users do meanwhile, `audit` reads afterwards what became of every job, and `verdict`
holds it against what is promised.
"""
