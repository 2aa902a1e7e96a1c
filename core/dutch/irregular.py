"""Words whose forms no rule of the list makes: a line for each, in any order."""

from __future__ import annotations

from typing import Final

# With another vowel in the plural, with -eren, or of another language.
NOUNS: Final = """
stad steden
lid leden
schip schepen
smid smeden
kind kinderen
blad bladeren bladen
lied liederen
goed goederen
volk volkeren
kalf kalveren
been beenderen
gelid gelederen
gemoed gemoederen
lam lammeren
rad raderen
rund runderen
hoen hoenderen
kleed klederen
ei eieren
bad baden
bedrag bedragen
bevel bevelen
dag dagen
dak daken
dal dalen
gat gaten
gebed gebeden
gebod geboden
gebrek gebreken
glas glazen
god goden
graf graven
hof hoven
hol holen
lot loten
oorlog oorlogen
pad paden
schot schoten
slag slagen
slot sloten
spel spelen
staf staven
vat vaten
verbod verboden
verdrag verdragen
verlof verloven
verslag verslagen
weg wegen
motor motoren
musicus musici
museum musea
centrum centra
criticus critici
catalogus catalogi
politicus politici
medicus medici
datum data
"""

# Strong and irregular: stem, past, participle, infinitive.
_VERBS: Final = """
begin begon begonnen beginnen
bied bood boden geboden bieden
bind bond bonden gebonden binden
blijf bleef bleven gebleven blijven
breek brak braken gebroken breken
breng bracht brachten gebracht brengen
denk dacht dachten gedacht denken
draag droeg droegen gedragen dragen
drijf dreef dreven gedreven drijven
dring drong drongen gedrongen dringen
drink dronk dronken gedronken drinken
duik dook doken gedoken duiken
dwing dwong dwongen gedwongen dwingen
eet at aten gegeten eten
ga gaat ging gingen gegaan gaan
geef gaf gaven gegeven geven
geld gold golden gegolden gelden
genees genas genazen genezen
geniet genoot genoten genieten
grijp greep grepen gegrepen grijpen
hang hing hingen gehangen hangen
heb heeft had hadden gehad hebben
help hielp hielpen geholpen helpen
houd hield hielden gehouden houden
kan kun kunt kon konden gekund kunnen
kies koos kozen gekozen kiezen
kijk keek keken gekeken kijken
klim klom klommen geklommen klimmen
klink klonk klonken geklonken klinken
kom kwam kwamen gekomen komen
koop kocht kochten gekocht kopen
krijg kreeg kregen gekregen krijgen
laat liet lieten gelaten laten
lees las lazen gelezen lezen
lieg loog logen gelogen liegen
lig lag lagen gelegen liggen
lijd leed leden geleden lijden
lijk leek leken geleken lijken
loop liep liepen gelopen lopen
meet mat maten gemeten meten
moet moest moesten gemoeten moeten
neem nam namen genomen nemen
onderzoek onderzocht onderzochten onderzoeken
raad ried raadde geraden raden
rijd reed reden gereden rijden
roep riep riepen geroepen roepen
schenk schonk schonken geschonken schenken
schiet schoot geschoten schieten
schijn scheen schenen geschenen schijnen
schrijf schreef schreven geschreven schrijven
schrik schrok schrokken geschrokken schrikken
schuif schoof schoven geschoven schuiven
sla slaat sloeg sloegen geslagen slaan
slaap sliep sliepen geslapen slapen
sluit sloot gesloten sluiten
snijd sneed sneden gesneden snijden
spreek sprak spraken gesproken spreken
spring sprong sprongen gesprongen springen
sta staat stond stonden gestaan staan
steek stak staken gestoken steken
sterf stierf stierven gestorven sterven
stijg steeg stegen gestegen stijgen
strijd streed streden gestreden strijden
tref trof troffen getroffen treffen
trek trok trokken getrokken trekken
val viel vielen gevallen vallen
vang ving vingen gevangen vangen
verdwijn verdween verdwenen verdwijnen
vergeet vergat vergaten vergeten
verlies verloor verloren verliezen
vertrek vertrok vertrokken vertrekken
vind vond vonden gevonden vinden
vlieg vloog vlogen gevlogen vliegen
vraag vroeg vroegen gevraagd vragen
vries vroor gevroren vriezen
weeg woog wogen gewogen wegen
weet wist wisten geweten weten
wijs wees wezen gewezen wijzen
win won wonnen gewonnen winnen
word werd werden geworden worden
zeg zei zeiden gezegd zeggen
zend zond zonden gezonden zenden
zie zag zagen gezien zien
zing zong zongen gezongen zingen
zit zat zaten gezeten zitten
zoek zocht zochten gezocht zoeken
zwem zwom zwommen gezwommen zwemmen
zwijg zweeg zwegen gezwegen zwijgen
"""

# With the third person: schrijf, schrijft.
VERBS: Final = "\n".join(
    line if line.split()[0].endswith(("a", "t")) else f"{line} {line.split()[0]}t"
    for line in _VERBS.split("\n")
    if line
)

# Verbs begin with these and keep the forms of the verb behind them: beschrijven, beschreef.
PREFIXES: Final = frozenset(
    {
        *("aan", "achter", "af", "be", "bij", "binnen", "bloot", "door", "her", "in", "los", "mee"),
        *("na", "om", "onder", "ont", "op", "over", "samen", "tegen", "terug", "toe", "uit"),
        *("vast", "ver", "voor", "weer"),
    }
)
