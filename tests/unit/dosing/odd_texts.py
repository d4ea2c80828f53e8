"""Short texts that reach the flags and the rare branches of the dose reader.

None of them states what anyone should be given: the amounts are made up.
"""

ODD_TEXTS: tuple[str, ...] = tuple(
    line.replace("|n|", "\n").replace("|t|", "\t")
    for line in """
etoposide .5 mg daily
etoposide 5.0 mg daily
etoposide 1.234 mg daily
etoposide 2,5 mg daily
etoposide 1,000 mg daily
etoposide 1 000 mg daily
etoposide 40 000-60 000 U daily
etoposide 1'000 mg daily
etoposide 1.5.2 mg daily
etoposide 000 mg daily
etoposide 10-5 mg daily
etoposide 5-10-15 mg daily
etoposide 5, 10 or 15 mg daily
etoposide 5/10 mg daily
Etoposide 100 mg/50 mg tablets
give 1/2 tablet of prednisolone
give 1 1/2 tablets of prednisolone
give 1/3 tablet of prednisolone
give half a tablet of prednisolone
take two 20 mg tablets of prednisolone daily
take 2 x 500 mg tablets twice daily
1 tablet (20 mg) of prednisolone
500 mg tablets: 1-2 tablets daily
2 tablets, 40 mg total
anakinra 2 x 10^6 U
anakinra 2 x 106 U
anakinra 2 x 100 mg
anakinra 10 U daily
2 U packed red cells
anakinra 100 IU/kg
anakinra 10 µg/kg
anakinra 10 mg/kg/day/dose
anakinra 10 mg/kg/kg
anakinra 10 mg per os
anakinra 10 mg per protocol
anakinra 10 mg per fortnight
anakinra 10 mg kg
anakinra 10 mg/xyz
anakinra 10 mg·kg-1·day-1
anakinra 10 mg/kg-1
anakinra 10 mg (per kg) daily
anakinra 10 mg/(kg day)
anakinra 5 mg TMP/kg/day
anakinra 5 mg g/kg
anakinra 10 mg,3 daily
anakinra 10 mg/m2.4 Next sentence.
anakinra 10 mg/m2.
anakinra 10 mg/5 mL
anakinra 10 mg in 5 mL vial
10 mg/mL solution of anakinra
lO mg of anakinra
1O mg anakinra
10 rng anakinra
10 mgx anakinra
10 mcq anakinra
Cisplatin75mg/m2
cisplatin-75 mg/m2
etoposide 250 mg-0.5 g
etoposide 5 mg/m2 to 10 mg/m2
etoposide from 40 mg to 20 mg
reduce etoposide from 10 to 5 mg
increase etoposide 10 mg to 20 mg
etoposide between 10 and 20 mg
etoposide 500 mg to 1 g
etoposide 5→10 mg
carboplatin AUC 5
carboplatin AUC of 5-6 day 1
AUC 0.87 for ferritin
3-9 mg/kg etoposide, later 6
etoposide 10 mg, then increased to 20
etoposide 10 mg. Then 20 daily
reduce etoposide by 25%
reduce the dose of etoposide by 25-50%
increase the dose to 150%
50% dose reduction below 10 mL/min
25% reduction at 10-50 mL/min, 50% below 10, and by 75% if <5
75% of the usual dose
give 75% if CrCl 10-50
clearance is reduced by 38%
halve ciclosporin
double the daily dose
half the dose of etoposide
three-quarters of the dose
reduce the dose by half
reduce the dose to one quarter
reduce etoposide by 10 mg
do not exceed 10 mg etoposide
no single dose should be higher than 10 mg
avoid doses above 10 mg etoposide
not less than 5 mg etoposide
etoposide at least 5 mg
etoposide up to 10 mg daily
etoposide max. 10 mg daily
etoposide 10 mg max
etoposide 10 mg or less
etoposide 10 mg or more
etoposide >10 mg should be avoided
etoposide over 10 mg is not recommended
etoposide not more than 10 mg, not 20 mg
etoposide 10 mg, not 20 mg
do not give 20 mg of etoposide
never 20 mg etoposide
20 mg of etoposide is wrong
rather than 20 mg etoposide give 10 mg
etoposide 10 mg instead of 20 mg
previously on etoposide 20 mg
was on etoposide 20 mg, which was stopped and etoposide 10 mg started
etoposide reduced from 20 mg daily to 10 mg daily
cumulative dose of etoposide 200 mg
etoposide 200 mg in total
total 200 mg etoposide (max lifetime 500 mg)
total daily dose of 200 mg etoposide
limit single doses of etoposide to 30 mg and the weekly total to 90 mg
capped at 20 mg/30 mg etoposide
the dose as given below 10 mg
etoposide and dexamethasone 150 mg/m2 and 10 mg/m2
etoposide and dexamethasone 150 mg/m2 and 10 mg/m2 respectively
etoposide and dexamethasone 150 mg/m2, 10 mg/m2 and 5 mg respectively
Dexamethasone plus etoposide: 10 mg/m2
150 mg/m2 etoposide then 10 mg/m2 dexamethasone
10 mg of dexamethasone with etoposide
with concomitant fluconazole use 5 mg
patients on fluconazole should receive etoposide 5 mg
if on fluconazole and itraconazole, give 5 mg
instead of etoposide, 10 mg dexamethasone
the etoposide trial used dexamethasone 10 mg; then 5 mg
give 5 mg of foozumab daily
Foobar 5 mg daily
foozumab 5 mg, etoposide 10 mg
etoposide. Give 5 mg of barnib
etoposide. Give 5 mg of the Xyzine
etoposide; foozumab 5 mg
etoposide, Foo 5 mg
MS 5 mg
5 mg, etoposide 10 mg, dexamethasone
10 mg twice daily, then etoposide; dexamethasone 5 mg
etoposide 10 mg; then 20 mg weekly; then once monthly
etoposide 10 mg bid then tid; then qod
etoposide 10 mg q12h, q6-8h, Q4
etoposide 10 mg x3/day
etoposide 10 mg 3 times a day or 2-3 times per week
etoposide 10 mg 3 days a week
etoposide 10 mg every other day, alternate weeks
etoposide 10 mg every 3-4 weeks
etoposide 10 mg every h
etoposide 10 mg 12-hourly
etoposide 10 mg morning and evening
etoposide 10 mg with breakfast
etoposide 10 mg on Mon, Wed and Fri
etoposide 10 mg on Monday
etoposide 10 mg biweekly
etoposide 10 mg fortnightly
etoposide 10 mg semi-weekly
etoposide daily dose of 40 mg
etoposide weekly doses 40 mg
etoposide 40 mg with monthly blood counts
etoposide 40 mg, monitor daily
etoposide 40 mg not daily
etoposide 40 mg a day per week
etoposide 40 mg in 4 weekly doses
etoposide 40 mg in 2-3 divided doses
etoposide 40 mg in divided doses
etoposide 40 mg as a single dose
etoposide 40 mg once, stat
etoposide 40 mg x 4
etoposide 40 mg for up to 4 doses
etoposide 40 mg for at least 4 weeks
etoposide 40 mg for 5/7
etoposide 40 mg over 30 min
etoposide 40 mg over 24 hours
etoposide 40 mg over the past 2 weeks
etoposide 40 mg tapered over 4 weeks
etoposide 40 mg as a 2-hour infusion
etoposide 40 mg, a 14-day course
etoposide 40 mg twice daily 7 days
etoposide 40 mg once afebrile for 24 hours
etoposide 40 mg days 1, 8 and 15
etoposide 40 mg D1-5, D14
etoposide 40 mg from day 4, then 20 mg on days 4-6
etoposide 40 mg day 7 onwards
etoposide weeks 1-2: 40 mg; weeks 3-8: 20 mg
etoposide 40 mg C1D1
etoposide 40 mg cycles 1-3
reassess by day 14 of etoposide 40 mg
etoposide 40 mg all on days 1 and 2
etoposide 40 mg IV or SC, dexamethasone 5 mg PO
IV etoposide 40 mg and intrathecal methotrexate 12 mg
stage IV disease: never IV etoposide 40 mg
etoposide 500 mg/m2 (or 10 mg/kg) every 2 weeks
etoposide 2, 4 or 8 mg/kg daily
etoposide 10 mg (max 100 mg daily)
in children etoposide 5 mg, adults 10 mg
elderly (>65 years): etoposide 5 mg
renal impairment (CrCl <30 mL/min): etoposide 5 mg, pregnant women 3 mg
patients weighing <30 kg: etoposide 5 mg
infants under 6 months and children 2-12 years: etoposide 5 mg
a 58-year-old man aged 58 on etoposide 5 mg
5 mg etoposide available as 50 mg capsules
contains 50 mg of etoposide per vial
etoposide 50 mg vials
etoposide 5 mL in 100 mL saline
etoposide 0.5 mL/kg
birth weight of 1500 g
urinary protein 3.5 g/day
creatinine clearance 30 mL/min/1.73 m2
ferritin >10,000 µg/L or 500 ng/mL
platelets 50 x 10^9/L and 20 × 10⁹/L
ferritin was above 500, temperature 38.5 °C
ferritin 3 x ULN
BSA 1.2 m2 and height 150 cm
10% of 50 patients; 3/10 and 5 out of 20
5% dextrose and 0.9 % saline
-5% change, p = 0.03, HR 0.5 (95% CI 0.3-0.9), n=40
ratio 2.5-fold ± 3
90.2% vs 56.5% and 5 against 7
H-score of 169, grade 3-4, ECOG 2
HLH-94, CD25, IL-1β, JAK1/2, CYP3A4
IL-2 10 mg; IL-6R
[4,5] and ⟦6⟧ text.7 Next
Lancet 2004;12(3):45-67 doi 10.1000/abc PMID: 123456
12 May 2020, 2020-05-12, 1.2.2020 at 12:30 or 8 am
$500 or €3.5 million in 2004-2008
1. First etoposide 5 mg|n|2) Second 10 mg
table 3, page 12, version 2.1
two thirds of patients, twice as many
12 of 40 died and 7 survived
formula: exp(0.5 × log(x) - 1.2) = 3^2
5 ² and ٣ and ½ tablet
1½ tablets of etoposide 10⁶
<b>etoposide</b> 10&nbsp;mg/m<sup>2</sup> \\leq 5 mg[[c:3]]
etoposide 10  mg |n||n| daily|t|for 3 days
eto-|n|poside 10 mg
≤5 mg etoposide, ≥ 3 mg, <=7 mg
10 mg 20 kg 30
5 mg/day x mg
Give 5 mg.|n|Give 5 mg.|n|Give 5 mg.
mg etoposide
etoposide 12
5
etoposide ·5 mg daily
etoposide ·5-·75 mg daily
2 vials (100 IU) of heparin daily
1 vial (100 IU) of heparin daily
2 capsules (100 U) daily
1 tablet (500 ug) of dexamethasone
reduce etoposide by 25% when the response in creatinine clearance is poor
etoposide reduced 25%: response of the gfr expected
etoposide reduced 25%, survival improved
25% reduction in mortality with etoposide
25% reduction of the dose in survivors
give 1/2/4 tablet of prednisolone
give 1/0 tablet of prednisolone
etoposide dose100 mg
etoposide daily100 mg
etoposide weeks100 mg
give at100 mg and IV50 mg and abcde5 mg
etoposide from to 100 mg
etoposide up to 50 to 100 mg
etoposide 50 mg up to 100 mg
etoposide 50 mg to 100 mg or 150 mg
etoposide 1.2.3 x 10^6 U
anakinra 1,2,3 × 10⁶ U
anakinra 0 × 10^6 U
etoposide 100 mg on days 1-1001
etoposide 100 mg on days 1-1000
etoposide 100 mg on days 5-1
etoposide 100 mg on days 1,,3
etoposide 100 mg on days ,1,3,
etoposide 100 mg on days 1&3+5/7
etoposide 100 mg on day X1X
etoposide 5 mg/mmol daily
ferritin 5 mmol/L/kg
creatinine 5 mg/dL/day
etoposide 5 mg/mL/h
etoposide 5 mL/kg/h (-1)
etoposide 5 mg kg-1 day-1
etoposide 5 mg·kg⁻¹·d⁻¹
etoposide 5 mg (per kg) daily
etoposide 5 mg/(kg day)
etoposide 5 mg/kg body weight/day
etoposide 5 mg/kg/kg
etoposide 5 mg/day/week
etoposide 10^2 mg
etoposide 10⁻² mg
etoposide 10^-2 g
etoposide 100 mg/7 daily for 5/7
etoposide 100 mg for 2/52 and 3/12
3 weekly doses of etoposide 100 mg
3 daily infusions of etoposide 100 mg
2-3 monthly doses of etoposide 100 mg
up to 4 weekly doses of etoposide 100 mg
at least 4 daily doses of etoposide 100 mg
etoposide 100 mg/month
etoposide 100 mg/6 months
etoposide 100 mg/2 weeks
etoposide 100 mg/min
etoposide 100 units/h
etoposide 1 unit/kg/min
etoposide 100 mg total, then none
p < 0.05 with etoposide 100 mg
OR 2.4 (95% CI 1.1-5.2) for etoposide 100 mg
etoposide never twice weekly at 100 mg
not once daily but weekly etoposide 100 mg
""".strip().splitlines()
)
