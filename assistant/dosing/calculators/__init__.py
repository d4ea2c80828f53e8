"""Body size, kidney function and unit conversion, exact and with refusals by name.

Every function takes values in the units that its parameters name and returns the unrounded
result; :func:`~assistant.dosing.calculators.decimals.display` rounds it, for reading only.
What belongs to one disease (scores, criteria) is data of the library, read by ``scores``.
"""
