"""Short texts for the rare branches of the reader, function by function: all but amounts and roles.

Like the odd texts they state nothing that anyone should be given. They are kept apart because
only the reader is tried on them, and not what is said of two texts.
"""

OF_OTHERS: tuple[str, ...] = tuple(
    line.replace("|n|", "\n").replace("|t|", "\t")
    for line in """
mesna 20% of the ifosfamide dose
mesna at 20% of the ifosfamide dose
mesna, 20% of the ifosfamide dose
etoposide and anakinra at 50 mg
etoposide and anakinra 150 mg and 10 mg
etoposide and anakinra 150 mg and 10 mg, then 5 mg
etoposide and anakinra 150 mg, up to 10 mg
etoposide, anakinra 150 mg given 10 mg
lidocaine with adrenaline 7 mg
lidocaine with adrenaline up to 7 mg/kg
lidocaine with adrenaline starts at 5 mg
lidocaine 5 mg with adrenaline 7 mg
lidocaine plus adrenaline 7 mg starts
with fluconazole use 5 mg of zorbifen
in patients on fluconazole use 5 mg; etoposide 10 mg
with concomitant fluconazole, etoposide 10 mg
etoposide 10 mg with concomitant fluconazole
etoposide, 10 mg is given with concomitant fluconazole
etoposide trial: 10 mg of anakinra and 5 mg
10 mg. etoposide
10 mg daily; etoposide 5 mg weekly
10 mg daily, etoposide 5 mg weekly
etoposide 10 mg; anakinra; then 5 mg
etoposide 10 mg, anakinra 5 mg; then 15 mg daily; then 20 mg
etoposide 10 mg; then 5 mg; anakinra 3 mg; then 4 mg
10 mg daily and then etoposide 5 mg
never 10 mg daily and then etoposide 5 mg
5 mg of Zorbifen. Then 6 mg of zorbinib. Then 7 mg of sugar
etoposide 10 mg. 5 mg of Zorbifen. 6 mg of zorbinib. 7 mg of sugar. 8 mg
etoposide and anakinra. Give 5 mg. Give 6 mg of dexamethasone. Give 7 mg
rifampicin and etoposide 5 mg and 6 mg respectively
etoposide 5 mg and 6 mg respectively
zorbifen and etoposide 5 mg and 6 mg respectively
etoposide and anakinra 5 mg, 6 mg and 7 mg respectively
etoposide, anakinra and dexamethasone 5 mg, 6 mg and 7 mg respectively
etoposide plus anakinra: 10 mg
etoposide 5 mg plus anakinra: 10 mg
etoposide: anakinra: 10 mg
etoposide and anakinra (day 1): 10 mg
etoposide tablets 10 mg anakinra 20 mg
10 mg IV etoposide daily
10 mg daily etoposide 20 mg
10 mg etoposide: 20 mg
give 10 mg of etoposide or 20 mg of anakinra
etoposide 2 doses of 5 mg
etoposide 2 doses 5 mg
etoposide 2 doses: 5 mg
etoposide, all on days 1 and 2: 5 mg, 6 mg
etoposide 5 mg and 6 mg, both on days 1 and 2
etoposide 5 mg days 1-2 and 6 mg days 3-4, all on days 8
etoposide 5 mg weeks 1-2, 6 mg weeks 3-4
etoposide (days 1-2) 5 mg, (days 3-4) 6 mg
etoposide 5 mg; on days 3-4 6 mg
etoposide 5 mg, days 1-2, then on days 3-4 6 mg
etoposide 5 mg on day 1, and on day 4 6 mg, and on day 9 7 mg
etoposide 5 mg from day 4 on days 5-6
etoposide 5 mg weeks 1-2 weeks 3-4
etoposide 5 mg day 1 day 2
etoposide (max 5 mg daily) 2 mg twice daily
etoposide 2 mg (max 5 mg daily)
etoposide 2 mg daily (max 5 mg) weekly
etoposide 2 mg (max 5 mg, in 2 doses)
etoposide (2 mg; max 5 mg daily)
etoposide 2 mg (or 3 mg) daily
etoposide 2 mg (3 mg) daily
etoposide 2 mg (or (3 mg)) daily
etoposide (2 mg) 3 mg daily
(or 3 mg) etoposide daily
etoposide 2 mg/m2 (i.e. 3 mg) once weekly (4 mg) daily
etoposide 2 mg to 5 mg daily, weekly
etoposide 2 mg, 3 mg and 5 mg daily
etoposide 2 mg daily and 5 mg weekly
etoposide 2 mg daily, 5 mg weekly
etoposide 2 mg twice daily / 5 mg weekly
etoposide 2 mg instead of 5 mg daily
etoposide 2 mg → 5 mg daily
etoposide 2 mg once daily → 5 mg weekly
daily etoposide 2 mg, 5 mg weekly
daily etoposide 2 mg and 5 mg weekly
daily etoposide 2 mg to 5 mg weekly
daily etoposide 2 mg, 3 mg or 5 mg three times a day
etoposide daily dose of 2 mg, 3 mg
etoposide daily dose: not known, 3 mg
etoposide daily dose was unclear 3 mg
etoposide fortnightly dose of 2 mg
etoposide 2 mg; then weekly; then reviewed weekly; then daily
etoposide up to 2 mg; then weekly
etoposide; then weekly
etoposide 2 mg. Then weekly
etoposide 2 mg with monitoring every 4 hours and daily
etoposide 2 mg biweekly, 3 mg
IV etoposide 2 mg, and SC anakinra 3 mg
etoposide 2 mg and an IV 3 mg
etoposide 2 mg IV, SC, IT
etoposide 2 mg IT or IV
etoposide IV 2 mg PO
etoposide IV 2 mg IV
etoposide 2 mg once, stat, up to 3 mg once
etoposide 2 mg for 3 days for 5 days
etoposide 2 mg over 3 hours over 5 hours
etoposide 2 mg in divided doses in 2 divided doses in 3 divided doses
etoposide 2 mg x 3 x 4
etoposide 2 mg 3 weekly doses 4 daily doses
etoposide 2 mg daily 3 weekly doses
etoposide 5 mg o.d. Anakinra 6 mg
etoposide 5 mg o.d. anakinra 6 mg
etoposide 5 mg e.g. Anakinra 6 mg
etoposide 5 mg! Anakinra 6 mg? Then 7 mg
etoposide 5 mg." Anakinra 6 mg
see e.g. 5 mg
abbreviatedprn. 5 mg etoposide
; then etoposide 5 mg; then; then 6 mg
etoposide 5 mg, followed by 6 mg, afterwards 7 mg, subsequently 8 mg, thereafter 9 mg • 10 mg
etoposide 5→10 mg then 20 mg
25% of etoposide was infused 5 mg
etoposide 5 mg and 25% was lost
etoposide 5 mg, of which a very long time later some 25% of the strength was seen
etoposide and anakinra 5 mg
dose 25% of anakinra 5 mg
25% dose anakinra 5 mg
etoposide up to 5 mg/h
etoposide up to 5 mg/h and 6 mg/h
etoposide maximum 2 mg and 50 mg
ramipril 10 mg and omeprazole 25 mg stopped
ramipril 10 mg stopped, omeprazole 25 mg started
omeprazole 20 mg to ramipril 15 mg
previously ramipril 10 mg and omeprazole 25 mg
previously ramipril 10 mg; now omeprazole 25 mg
previously ramipril 10 mg, which was taken for a time of over some sixty signs, omeprazole 25 mg
ramipril not 10 mg, not 5 mg, omeprazole 20 mg not
in error etoposide 5 mg was given
do not mix etoposide 5 mg with saline
etoposide 80 mg over 40 mg
etoposide 49/51 mg
etoposide 875 mg/125 mg daily
etoposide 150 mg PE/min
etoposide 40 mg in 500 mL at 125 mL/h
etoposide 40 units in 500 mL, not more than 125 mL per hour, stopped
reduce etoposide by a third
one third of the etoposide dose
etoposide eighty milligrams daily
etoposide a single gram daily
one etoposide tablet daily
2 to 3 etoposide tablets daily
etoposide tablets daily
one etoposide daily
etoposide l mg daily
etoposide 50 pg IV
etoposide 500/125 TDS
etoposide 500/125 mg TDS
etoposide 500 mg tablets x 2 qds
etoposide 1 mg pen once weekly
etoposide 40 mg/0.4 mL SC
etoposide 6 mg/2 mL rapid push
etoposide 500 mmol/L
etoposide in 500 mmol/L
red cells 150 g
etoposide 100 g daily
etoposide 99 g daily
etoposide 100 g/m2 daily
protein intake: 50 g daily, etoposide 5 mg
intake of 5 mg, etoposide 5 mg
ferritin 5 mg with etoposide 6 mg
diclofenac sodium 75 mg
etoposide sodium level 75 mg
potassium 5 mg transfused
etoposide 5 mg transfused
calcium level was about a very long way from 75 mg
etoposide 100 mg for 2 dose
etoposide 100 mg for 1 dose and 1 cycle
etoposide 100 mg, 2 cycle, 2 infusion, 2 injection
etoposide 100 mg for 1-2 dose
etoposide 100 mg for 3 doses, 4 cycles
etoposide 100 mg for at least 3 doses
etoposide 100 mg for up to 3-4 doses
etoposide 100 mg for 2/12
etoposide 100 mg split 4 hourly
etoposide 100 mg in 2 portions
etoposide 100 mg in 2 administrations
etoposide 100 mg for a week
etoposide 100 mg for a fortnight
etoposide 100 mg for another month
give 6 weeks of etoposide 100 mg
etoposide 100 mg, 6 weeks regimen
etoposide 100 mg, 6-week therapy
etoposide 100 mg 7 days
etoposide 100 mg, 7 days
etoposide 100 mg twice daily, 7 days
etoposide 100 mg IV 7 days
etoposide 100 mg 7 days later
etoposide 100 mg 7 days 50 mg
etoposide 100 mg for 24 hours once stable for 24 hours
afebrile for 24 hours, etoposide 100 mg for 3 days
etoposide 100 mg for 3 years, for 3 days
etoposide 100 mg for 3 weeks of age, for 3 weeks old
etoposide 100 mg tapered over 4 weeks, over 3 weeks
etoposide 100 mg course length 3 weeks
etoposide 100 mg one-off
etoposide 100 mg with lunch
etoposide 100 mg after dinner
etoposide 100 mg before supper
etoposide 100 mg after breakfast
etoposide 100 mg in the afternoon
etoposide 100 mg each night
etoposide 100 mg every night
etoposide 100 mg in the morning
etoposide 100 mg per day
etoposide 100 mg/kg a day
etoposide 100 mg each day
etoposide 5 mg/day a week
etoposide 5 mg every w
etoposide 5 mg every min
etoposide 5 mg every mo
etoposide 5 mg every other week
etoposide 5 mg every third day
etoposide 5 mg every fourth day
etoposide 5 mg every 1.5 days
etoposide 5 mg 2-3 hourly
etoposide 5 mg 4 hrly
etoposide 5 mg 2-3-weekly
etoposide 5 mg 1.5-hourly
etoposide 5 mg 2 doses a day
etoposide 5 mg 1.5 times a day
etoposide 5 mg 1.5 days a week
etoposide 5 mg once or twice daily
etoposide 5 mg twice or three times a week
etoposide 5 mg twice on day 1
etoposide 5 mg x2/day
etoposide 5 mg semiweekly
etoposide 5 mg every fortnight
etoposide 5 mg each other day
etoposide 5 mg alternating weeks
etoposide 5 mg Monday
etoposide 5 mg Monday and Friday
etoposide 5 mg On Tuesday
etoposide 5 mg not weekly
etoposide 5 mg monthly counts
etoposide weekly dose of 5 mg
etoposide weekly total of 5 mg
etoposide 5 mg q4h-6h q 8
etoposide 5 mg Q6
children (under 2 (two) years) 5 mg of etoposide
children (under 2 years), adults 5 mg of etoposide
(children) 5 mg of etoposide, 6 mg
children: etoposide 5 mg, infants: 6 mg, 7 mg
in adults, 5 mg of etoposide or 6 mg
adults5 mg
etoposide 5 mg in children and adults
ferritin is at least 500, at most 600, below 700, above 800
ferritin 500 or less, 600 or more, 700 and younger, 800+
ferritin < 500, > 500, ≤ 500, ≥ 500
ferritin between 5 and 6, 3--4 or 5
5 vs 6, 7 against 8, 9 compared with 10
5 patients vs 6%
5 VS 6 and 7 Versus 8
once in 3 weeks, thrice in 4 months, twice in 5 years
deadline by day 14, by week 3
at weeks 0, 2 and 6 etoposide 5 mg
etoposide 5 mg d-1, d.1, d+1, d 1
vitamin D 3, group D 4, arm D 5
etoposide 5 mg 3 days 4 times daily
etoposide 5 mg (d 4), xd 5
etoposide 5 mg from day 4, starting on day 1-3
cycle 2, course 3, month 4, year 5, visit 6, block 7
cycle 2-100 mg of etoposide
etoposide 5 mg on day 2-100 mg
5 mg/mL of etoposide and 5 mmol/mL
ferritin 5 ng/mL, 5 U/mL, < 5 mg/mL, 5 mg/L, 5 mg per litre
5 kg, 5 kg/day, weighing 5 g, birth weight 5 g
neonates 400 g, infants of 399 g, preterms < 1500 g
neonates 400 g/day
etoposide 5 umol, 5 umol/kg, 5 pg, 5 nmol
proteinuria 5 g/day; urinary protein in 24 h: 5 g; excretion 5 g
vial of 5 mg, 5 mg vial, 5 mg in 5 mL vial, strength: 5 mg
available as 5 mg, comes as 5 mg, supplied as 5 mg, contains 5 mg, formulation of 5 mg
5 mg tablets are stocked, 5 mg capsules: take one
available as 5 mg, 10 mg and 20 mg tablets
5 mg, 10 mg or 20 mg vials
5 U of red cells, 5 U of alcohol, 5 U/kg of blood
5 mL/min, 5 mL/min/kg, urine output 5 mL/kg/h, output 5 mL
5 L, saline 5 mL, of saline 5 mL, blood loss 5 mL
etoposide 5 mL/kg, 5 mL daily, in 5 mL, 5 mL of saline, 5 mL vial, diluted to 5 mL
10 saline, 10% saline, -10% saline, - 10%, 5-10%
ferritin levels: 5; platelets. 6; target 7; serum level 8
ferritin was 5, target ferritin count 6
aged 5, 5-year-old, infants 5 months, 5 y, under 5 years, preterm under 5 weeks
within 5 days, for about 5 days, xwithin 5 days
5 of 6, 5 out of 6, 5/6, 5/6/7 and 5 of the 6 patients
5 m2, m2, cm2, mm3
one third, a quarter, half, thrice, double, twice
²5 and 5² and x²
5 ³ ⁴
etoposide 5²
give 5, give 6 daily, give 7 zorbs
cleared in 12, all 12 tested, 12 withdrew
12 patients died; -2.1 and ^-1.2 and (-3)
-5
x-5
the ratio of 2.5 vs 3.5
z = 3 × age + 5 × height ^b
etoposide score = 3 × age + 5
3 × age
etoposide 7 and 8 etoposide
etoposide xx 7 zz
7 zz etoposide 7
""".strip().splitlines()
)
