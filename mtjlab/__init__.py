"""mtjlab: live training of a classifier made of magnetic tunnel junctions.

A procedure is a generator of events; the bench is its argument; the run folder is the only thing anyone else reads.
"""
