"""Short texts for the rare branches of the reader: amounts, their units, changes and roles.

Like the odd texts they state nothing that anyone should be given.
"""

OF_AMOUNTS: tuple[str, ...] = tuple(
    line.replace("|n|", "\n")
    for line in """
reduce zorbifen by 25%
please reduce the zorbifen tablets by 25%
it reduced pain by 25%
the dose was low; it reduced pain by 25%
reduce the clearance dose by 25%
reduce the dose by 25%, by 50 percent if old and 75 per cent when older, 80% at last
reduce clearance by 25%
exposure rose; reduce by 25%
reduce etoposide by half, by three-quarters, to a quarter
reduce etoposide to three quarters
decrease the dose by one quarter
halve zorbifen if poor
double zorbifen when well
please halve zorbifen, then double ciclosporin
doubling the daily dose and halving the dose
half-dose etoposide, the dose should be doubled
one quarter of the dose, three quarters of the dose
25% reduction in creatinine clearance with etoposide
25% reduction in renal patients
25% reduction when the gfr is low
25% reduction when exposure to etoposide rises
25% reduction in mortality of people on etoposide
25% reduction for those with a low creatinine
25% reduction and nothing more
etoposide is a drug with a very long story, and in the end there came a 25% reduction
etoposide ↓ 25%, ferritin ↓ 50%, etoposide ↑ by 30%
raise etoposide by 25 to 50%
dose at 50 percent
give 50 per cent of the dose
limit single doses to 30 mg of etoposide and the weekly total to 90 mg
up to 30 mg and the weekly total to 90 mg of etoposide
at most 550 mg/m2 (400 mg/m2 after radiotherapy) of etoposide
at most 550 mg/m2 (400 mg/kg) of etoposide
at most 550 mg or 400 mg of etoposide
550 mg or at most 400 mg or 300 mg of etoposide
etoposide not 20 mg, and not 30 mg, not the usual 40 mg
never ever in all of these long years of care 20 mg of etoposide
never one two three four five six 20 mg of etoposide
never one two three four five six seven 20 mg of etoposide
do not give more of it 20 mg of etoposide
instead of etoposide 20 mg give anakinra 10 mg
instead of etoposide, anakinra 10 mg
etoposide should not be above 20 mg, not below 10 mg
etoposide not max 20 mg
etoposide over 20 mg, over 30 mg is not recommended
etoposide more than 20 mg should be avoided
etoposide 20 mg max 30 mg
etoposide 20 mg max or 30 mg
etoposide 20 mg max relief
etoposide 20 mg or more simply
etoposide 20 mg or more
etoposide 20 mg cap
etoposide 20 mg is wrong, 30 mg of the others are wrong
etoposide 20 mg daily is incorrect
cap etoposide 20 mg
capped at etoposide 20 mg
below (see above) etoposide 20 mg
below) etoposide 20 mg
as described below 20 mg of etoposide
below 30 kg 20 mg of etoposide
reduce the dose of etoposide by 5 mg
wean it off slowly by 5 mg of etoposide
but at most 5 mg, use at most 6 mg of etoposide
at most but 5 mg of etoposide
at most, give 5 mg of etoposide
limit 5 mg of etoposide in 24 h
at most 5 mg of etoposide within one day
at most 5 mg within one day
at most 5 mg/kg/day within any 24 hours
total 5 mg daily of etoposide
total dose of 5 mg of etoposide
in all 5 mg of etoposide
cumulative 2 tablets, etoposide 5 mg in total
cumulative dose of etoposide up to 5 mg
cumulative dose of etoposide up to 5 mg daily
in total over all those years and weeks and days 5 mg of etoposide
etoposide 5 mg/h in total
etoposide was 5 mg, increased to 10 mg
etoposide 5 mg was taken before admission
etoposide 5 mg (was 3 mg)
etoposide 5 mg, was 3 mg now 4 mg
etoposide 5 mg stopped, anakinra 6 mg
etoposide 5 mg discontinued the day after
etoposide is stopped and anakinra 5 mg is given
etoposide is stopped, and anakinra 5 mg
stop etoposide 5 mg
stopped a b etoposide 5 mg
stopped a b c etoposide 5 mg
changed etoposide 5 mg to anakinra 6 mg
replace etoposide 5 mg with anakinra 6 mg
swap from etoposide 5 mg for anakinra 6 mg
tapered from etoposide 5 mg
from 5 mg to 6 mg of etoposide
from the usual 5 mg of etoposide to 6 mg
80 mg → 40 mg of etoposide
80 mg → 40 mg → 20 mg of etoposide
80 mg, 60 mg →  40 mg of etoposide
→ 80 mg → 40 mg of etoposide
80 mg of etoposide → 40 mg
etoposide 5 to 10 or 20 mg
etoposide 5-10, 15-20 mg
etoposide 5, 10-20 mg
etoposide 5-10-15, 20 mg
etoposide 5 - 10 mg, 5 -- 10 mg, 5- to 10 mg
etoposide between 5 and 10 mg, between 5 or 10 mg
prednisolone 1 or 2 tablets, 1 and 2 tablets
prednisolone 1/2/4 tablets, 3 1/2 tablets, 2 3/4 tablets
reduce etoposide from 5 to 10 mg
reduced from 5 to 10 mg of etoposide
it goes from 5 to 10 mg of etoposide
etoposide 5, 6, 7, 8, 9, 10, 11, 12, 13 mg
at dose 14, and 3 g/m2 of etoposide
at time 14, and 3 g/m2 of etoposide
1 000, 2 000 or 3 000 mg of etoposide
1 000-2 000 mg of etoposide
1 000 of etoposide
day 1 500 mg of etoposide
of 1 500 mg, vitamin D 1 500 U, d 1 500 mg, x1 500 mg, level 1 500 mg, ab 1 500 mg
take 2 500 mg tablets, 20 500 mg tablets, 21 500 mg tablets
take 1.5 x 500 mg, 1.3 x 500 mg, 20 x 500 mg, 21 x 500 mg
take 2 of 500 mg tablets, 2 by 500 mg vials, two 500 mg pills, 2 500 patients
take 2x 500 mg of etoposide and 2 x500 mg
anakinra 2 × 10^6 U, 3-4 x 10e5 U, 2 * 10E3 U, 1.5.2 x 10^3 U
anakinra 2 x 106 U, 2 × 1012 U, 3-4 x 109 U
2 U blood, 2 U of plasma, 2 U/kg of blood, 2 U random
etoposide5 mg, etoposide-5 mg, xetoposide5 mg, a-5 mg, #5 mg, _5 mg, ^5 mg
dose5 mg, overdose5 mg, to5 mg, auto5 mg, IV5 mg, PIV5 mg, max5 mg, climax5 mg
1.5.5 mg, 1,5,5 mg, 1'5 mg, '5 mg of etoposide
etoposide 5 mg to 10 mg/kg, 5 mg/kg - 10 mg
etoposide 5 mg/kg to 10 mg/m2, 5 mg/day to 10 mg/week
etoposide 5 mg to 1 g, 1 g - 5 mg, 10 mg ~ 5 mg
etoposide 5 mg to 10 mL, 5 mg to .5 mg, 5 mg to 10.0 mg
from 5 mg to 10 mg etoposide
AUC 20, AUC 21, AUC 5 to 6, AUC 5, 6, auc5, AUC: 0.5
l mg, 1O mg, 5 mgx, ?5 mg, 1O foo, 5 mcqx
etoposide 3-9 mg/kg, later 6-8, then 7
etoposide 3-9 mg/kg. later 6, then 7
take 2 tablets of etoposide, later 6
later 6, etoposide 3 mg, then 1.5.2
1 tablet (20 mg), 1 tablet of 20 µg, 1 tablet 20 g, 1 tablet (20 IU), 1 tablet (20 U)
1 tablet daily (20 mg), 2 tablets x 20 mg, 2 tablets of etoposide 20 mg, 2 tablets (20 mg)
1 tablet/day (20 mg), 1 tablet (20 mL), 1-2 tablets of 20 mg
1/3 tablet of 20 mg, 1/3 tablet (20 mg)
5 mg/kg zorbs
5 kg-1 mg etoposide
etoposide 5 mg kg-1 d-1, 5 mg h-1, 5 mg m-2 wk-1, 5 mg min-1 hr-1, 5 mg dose-1 week-1
etoposide 5 mg/kg-1/day-1, 5 mg/kg/1.73 m2, 5 mg/kg body weight, 5 mg/(kg day)
etoposide 5 mg TMP/kg, 5 mg g/kg, 5 mg/2 mL, 5 mg/kg/2 mL, 5 mg,3, 5 mg.4 X, 5 mg,12,13
etoposide 5 mg/10 mg, 5 mg/10 foo, 5 mg per os, 5 mg per foo, 5 mg kg, 5 mg^2, 5 mg'3
etoposide 5 U, 5 u, 5 IE, 5 MU, 5 IU, 5 iu, 5 UI, 5 MIU, 5 µg, 5 µmol
5|mg, 5 | mg, 5 a tab, 5-mg, 5|n|mg etoposide
PMID none, doi: none, https://none ⟦none⟧ [none]
12 May 2020, in 1999, 2000 mg, of 2001 patients, <2002, 12:30
1. one|n|2) two|n|3 three
etoposide 1. one
p = 0.05, n = 5, HR 5, 5-fold, ± 5
grade 3-100 mg of etoposide, score of 5, score < 5, level 5
B12A, T315I, d1, kg-1, q12h, Q4W, HLH-94, A5, 5 a5-b, IL-2 mg
250 mg-0.5 g, 50mg5, x-5mg
Latanoprost is 5 mg
zorbifen in combination with etoposide 5 mg
zorbifen in combination with etoposide at 5 mg
etoposide 5 mg holds sodium, 5 mg sodium
etoposide to be given slowly into a large vein on the ward by a trained nurse at night 5 mg
etoposide slowly 5 mL, etoposide zorb 5 mL
etoposide 5 mg patiromer, 5 mg of Zorb, 5 mg Zorbifen
zorbinib 5 mg, in zorb 5 mg, with zorb, 5 mg, Zorb: 5 mg, a zorb 5 mg, IV zorb 5 mg
etoposide zorbinib and some more words 5 mg
etoposide sodium 5 mg, etoposide by sodium 5 mg, etoposide zorbs 5 mg, etoposide HLH 5 mg
5 mg of oral zorbinib etoposide
stage IV etoposide 5 mg, never IV, not for IV, IM or i.m., enterally, s/c, nebulised, ivi
""".strip().splitlines()
)
