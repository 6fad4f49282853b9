from bench import arithmetic
from bench.measure import *
import sys
l=load()
print(machine(l))
for r in arithmetic.rows(): print(table([r]).splitlines()[-1], flush=True)
