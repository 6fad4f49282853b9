from bench import keys
from bench.measure import *
import sys
l=load()
print(machine(l))
for r in keys.rows(): print(table([r]).splitlines()[-1], flush=True)
