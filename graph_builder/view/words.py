"""The site's own texts in Hindi, by the English; the words of the data come from the ontology's labels.

A text in braces stands for a value and stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

HINDI: Mapping[str, str] = {
    # around every page
    "Logistics pacts": "रसद समझौते",
    "Skip to the content": "सीधे सामग्री पर जाएँ",
    "Pages": "पृष्ठ",
    "Search": "खोजें",
    "Search everything": "सब कुछ खोजें",
    "Found": "मिले",
    "Nothing of that name": "इस नाम का कुछ नहीं",
    "As of": "स्थिति की तारीख",
    "Data": "आँकड़े",
    "Every fact carries the sources that state it; contested ones bear the mark ‡.": (
        "हर तथ्य के साथ उसे बताने वाले स्रोत हैं; विवादित तथ्यों पर ‡ का निशान है।"
    ),
    "Pacts": "समझौते",
    "Map": "मानचित्र",
    "Timeline": "समयरेखा",
    "Support": "सहायता",
    "Partner lists": "साझेदार सूचियाँ",
    "Contested": "विवादित",
    "Coverage": "व्याप्ति",
    "Queries": "क्वेरियाँ",
    # the first page
    "India’s military-logistics pacts and those between its partners: who signed what, what it opens, and who says so. "
    "Every fact carries its sources; where they disagree, all are kept.": (
        "भारत के सैन्य-रसद समझौते और उसके साझेदारों के आपसी समझौते: किसने किस पर हस्ताक्षर किए, उससे क्या खुलता है, और यह "
        "कौन कहता है। हर तथ्य के साथ उसके स्रोत हैं; जहाँ वे असहमत हैं, वहाँ सब रखे गए हैं।"
    ),
    "pacts": "समझौते",
    "in force": "प्रभावी",
    "parties": "पक्ष",
    "facilities": "सुविधा-स्थल",
    "sources": "स्रोत",
    "claims": "दावे",
    "contested facts": "विवादित तथ्य",
    "undecided": "अनिर्णीत",
    "Ways in": "प्रवेश के रास्ते",
    "Facilities, who hosts and who may use them": "सुविधा-स्थल, उनके मेज़बान और उनके उपयोग के अधिकारी",
    "Every pact from talks to use, doubtful days as spans": "वार्ता से उपयोग तक हर समझौता; संदिग्ध तिथियाँ पट्टियों में",
    "What each pact covers, excludes, or leaves open": "हर समझौते में क्या शामिल है, क्या नहीं, और क्या खुला है",
    "Whom each source counts among the partners, by date": "तारीख़ के क्रम में हर स्रोत किसे साझेदार गिनता है",
    "The pacts of which most is written": "सबसे चर्चित समझौते",
    "All pacts": "सभी समझौते",
    "Newest sources": "नवीनतम स्रोत",
    "All sources": "सभी स्रोत",
    "Contested facts": "विवादित तथ्य",
    "All contested facts": "सभी विवादित तथ्य",
    "Everything by kind": "प्रकार के अनुसार सब कुछ",
    "held": "मान्य",
    "others": "अन्य",
    "1 claim": "1 दावा",
    "{n} claims": "{n} दावे",
    "1 contested": "1 विवादित",
    "{n} contested": "{n} विवादित",
    # lists of things
    "Parties": "पक्ष",
    "Facilities": "सुविधा-स्थल",
    "People": "व्यक्ति",
    "Bodies": "संस्थाएँ",
    "Offices": "पद",
    "Occasions": "अवसर",
    "Units": "इकाइयाँ",
    "Places": "स्थान",
    "Sources": "स्रोत",
    "Other things": "अन्य",
    "Show only": "केवल दिखाएँ",
    "{n} of {all}": "{all} में से {n}",
    "Name": "नाम",
    "Kind": "प्रकार",
    "Status": "स्थिति",
    "Signed": "हस्ताक्षरित",
    "In force": "प्रभावी",
    "Partner of": "का साझेदार",
    "May use": "उपयोग कर सकता है",
    "Country": "देश",
    "Accesses": "पहुँच",
    "Uses": "उपयोग",
    "Pacts signed": "हस्ताक्षरित समझौते",
    "Named": "उल्लेख",
    "Party": "पक्ष",
    "Date": "तारीख़",
    "Place": "स्थान",
    "Publisher": "प्रकाशक",
    "Published": "प्रकाशित",
    "Language": "भाषा",
    "Tier": "श्रेणी",
    "Claims": "दावे",
    "Adjudications": "निर्णय",
    "Ground": "आधार",
    "Mappings": "मानचित्रण",
    "Ontology": "सत्तामीमांसा",
    # cards
    "1 contested fact": "1 विवादित तथ्य",
    "{n} contested facts": "{n} विवादित तथ्य",
    "contested": "विवादित",
    "Its life": "इसका इतिहास",
    "What sources state": "स्रोत क्या बताते हैं",
    "On the timeline": "समयरेखा पर",
    "On the map": "मानचित्र पर",
    "Its network": "इसका नेटवर्क",
    "the day is not known exactly": "ठीक दिन ज्ञात नहीं",
    "What is held, and why": "क्या मान्य है, और क्यों",
    "What was done": "क्या किया गया",
    "Where it is named": "जहाँ इसका उल्लेख है",
    "In other data sets": "अन्य आँकड़ा-संग्रहों में",
    "For machines": "मशीनों के लिए",
    "key": "कुंजी",
    "between": "के बीच",
    "What it states": "यह क्या बताता है",
    "About": "विषय",
    "Property": "गुण",
    "Value": "मान",
    "Standing": "दर्जा",
    "accepted": "स्वीकृत",
    "not accepted": "अस्वीकृत",
    "as": "के रूप में",
    "prints": "में छपा है",
    "Editor": "संपादक",
    "Other values that sources state": "स्रोतों में बताए गए अन्य मान",
    "1 source": "1 स्रोत",
    "{n} sources": "{n} स्रोत",
    "{n} things": "{n} वस्तुएँ",
    "Pact": "समझौता",
    "With": "किसके साथ",
    "For": "किसके लिए",
    "As": "किस पद पर",
    "Who may use it": "इसका उपयोग कौन कर सकता है",
    "Host": "मेज़बान",
    "Beneficiary": "लाभार्थी",
    "Basis": "आधार",
    "How sure": "कितना निश्चित",
    "In a draft only": "केवल मसौदे में",
    "Access": "पहुँच",
    "the same": "वही",
    "nearly the same": "लगभग वही",
    "wider": "व्यापक",
    "narrower": "संकीर्ण",
    "related": "संबंधित",
    "lies in": "में स्थित",
    "see also": "यह भी देखें",
    # contested facts, coverage, queries
    "Where sources contradict each other, or do not suffice. The undecided come first: there nothing is held.": (
        "जहाँ स्रोत एक-दूसरे का खंडन करते हैं या पर्याप्त नहीं हैं। पहले अनिर्णीत: वहाँ कुछ भी मान्य नहीं है।"
    ),
    "Undecided": "अनिर्णीत",
    "Decided, with rivals": "निर्णीत, प्रतिद्वंद्वी मानों सहित",
    "nothing is held": "कुछ भी मान्य नहीं",
    "What the graph holds, pact by pact and as a whole, and what it lacks.": (
        "ग्राफ़ में क्या है, समझौता-दर-समझौता और कुल मिलाकर, और क्या नहीं है।"
    ),
    "Each runs with the command pacts query, and in any SPARQL editor as it stands.": (
        "हर क्वेरी pacts query आदेश से, और किसी भी SPARQL संपादक में ज्यों की त्यों चलती है।"
    ),
    "What it tells": "यह क्या बताती है",
    "Tags": "टैग",
    "Parameters": "प्राचल",
    "Type": "प्रकार",
    "Default": "पूर्वनिर्धारित",
    "Meaning": "अर्थ",
    "needed": "आवश्यक",
    "Columns": "स्तंभ",
    "Copy": "कॉपी करें",
    "Copied": "कॉपी हो गया",
    "Select the text and copy it": "पाठ चुनकर कॉपी करें",
    "The data behind this page": "इस पृष्ठ के पीछे का डेटा",
    "The SPARQL query behind this page": "इस पृष्ठ के पीछे की SPARQL क्वेरी",
    # matrices
    "Support by pact": "समझौते के अनुसार सहायता",
    "What sources say each pact covers or excludes. Silent is not excluded: no source speaks of it.": (
        "स्रोतों के अनुसार हर समझौते में क्या शामिल है और क्या नहीं। मौन का अर्थ निषेध नहीं: कोई स्रोत उसकी बात नहीं करता।"
    ),
    "covers": "शामिल",
    "excludes": "शामिल नहीं",
    "disputed": "मतभेद",
    "silent": "मौन",
    "Covers": "शामिल",
    "Details": "विवरण",
    "Choose a cell to see its sources. Arrow keys go from cell to cell.": (
        "स्रोत देखने के लिए कोई खाना चुनें। तीर कुंजियाँ एक खाने से दूसरे पर ले जाती हैं।"
    ),
    "Say that it is covered": "कहते हैं कि शामिल है",
    "Say that it is excluded": "कहते हैं कि शामिल नहीं है",
    "{n} other pacts are not shown: no source says what they cover.": (
        "{n} अन्य समझौते नहीं दिखाए गए: कोई स्रोत नहीं बताता कि उनमें क्या शामिल है।"
    ),
    "Each source that counts a country’s logistics partners has its own list. A country that a list leaves out is not "
    "thereby denied: some lists give examples only.": (
        "किसी देश के रसद साझेदार गिनने वाले हर स्रोत की अपनी सूची है। जो देश सूची में नहीं, उससे इनकार नहीं है: कुछ "
        "सूचियाँ केवल उदाहरण देती हैं।"
    ),
    "counted": "गिना गया",
    "expected": "अपेक्षित",
    "not named": "उल्लेख नहीं",
    "Partners of": "साझेदार:",
    "List": "सूची",
    "Says how many": "बताई गई संख्या",
    "Means to name all": "सब गिनाने का दावा",
    "yes": "हाँ",
    "no": "नहीं",
    "Lists that count it": "कितनी सूचियाँ गिनती हैं",
    # the timeline
    "What was done to each pact and under it. A day that is not known exactly is a span; a dashed ring marks a "
    "contested one, and dotted ticks the days that other sources state.": (
        "हर समझौते पर और उसके तहत क्या हुआ। जिसका ठीक दिन ज्ञात नहीं, वह पट्टी है; टूटा घेरा विवादित दिन का और बिंदुदार रेखा "
        "अन्य स्रोतों के दिन का निशान है।"
    ),
    "all": "सभी",
    "From year": "वर्ष से",
    "to year": "वर्ष तक",
    "Order": "क्रम",
    "by first event": "पहली घटना से",
    "by name": "नाम से",
    "by number of events": "घटनाओं की संख्या से",
    "contested only": "केवल विवादित",
    "Reset": "फिर से",
    "Events shown": "दिखाई गई घटनाएँ",
    "negotiation, announcement": "वार्ता, घोषणा",
    "signature": "हस्ताक्षर",
    "approval, exchange": "अनुमोदन, आदान-प्रदान",
    "entry into force, operation": "प्रभावी होना, संचालन",
    "renewal, amendment": "नवीकरण, संशोधन",
    "end, suspension": "समाप्ति, निलंबन",
    "publication, registration": "प्रकाशन, पंजीकरण",
    "use": "उपयोग",
    "another day that sources state": "स्रोतों में बताया गया दूसरा दिन",
    "The page of this pact": "इस समझौते का पृष्ठ",
    "Event": "घटना",
    "Other days stated": "बताए गए अन्य दिन",
    "Open all as tables": "सब तालिका के रूप में खोलें",
    "{n} other pacts have no dated event.": "{n} अन्य समझौतों की कोई तिथि-युक्त घटना नहीं।",
    # the map
    "Facilities that sources name, and which of them a pact is said to open to whom. No borders are drawn; a position "
    "is no opinion on whose it is.": (
        "स्रोतों में बताए गए सुविधा-स्थल, और कहा जाता है कि कौन-सा समझौता उन्हें किसके लिए खोलता है। सीमाएँ नहीं खींची गई "
        "हैं; किसी स्थान का अंकन इस पर मत नहीं कि वह किसका है।"
    ),
    "Distance from": "से दूरी",
    "nowhere": "कहीं से नहीं",
    "a point of the map": "मानचित्र का कोई बिंदु",
    "also facilities without an access": "बिना पहुँच वाले स्थल भी",
    "Zoom": "ज़ूम",
    "Closer": "पास",
    "Farther": "दूर",
    "Fit": "समायोजित",
    "World": "विश्व",
    "Indian Ocean": "हिंद महासागर",
    "Pacific Ocean": "प्रशांत महासागर",
    "Atlantic Ocean": "अटलांटिक महासागर",
    "Choose a facility to see who may use it and who says so.": (
        "कोई सुविधा-स्थल चुनें और देखें कि उसका उपयोग कौन कर सकता है और यह कौन कहता है।"
    ),
    "a pact is said to open it": "कहा जाता है कि समझौता इसे खोलता है",
    "in a draft only, or refused": "केवल मसौदे में, या अस्वीकृत",
    "named, no access stated": "उल्लेख है, पहुँच नहीं",
    "several: come closer": "कई: पास आएँ",
    "{n} facilities on the map, {open} of them open by a stated access; {rows} in the table": (
        "मानचित्र पर {n} सुविधा-स्थल, उनमें {open} बताई गई पहुँच से खुले; तालिका में {rows}"
    ),
    "{n} facilities": "{n} सुविधा-स्थल",
    "points at": "संकेत करता है",
    "No source among ours says that a pact opens it.": "हमारा कोई स्रोत नहीं कहता कि कोई समझौता इसे खोलता है।",
    "draft of": "मसौदा",
    "all that is held of it": "इसके बारे में सब कुछ",
    "As a table": "तालिका के रूप में",
    "Facility": "सुविधा-स्थल",
    "Position": "स्थिति-बिंदु",
    "Opened to, by": "किसके लिए, किससे खुला",
    "not recorded": "दर्ज नहीं",
    "Coastlines: Natural Earth, public domain. Projection: Equal Earth. Distances are great-circle distances on a "
    "sphere of 6,371 km.": (
        "तटरेखाएँ: Natural Earth, सार्वजनिक। प्रक्षेपण: Equal Earth। दूरियाँ 6,371 कि.मी. के गोले पर बृहत्-वृत्त दूरियाँ हैं।"
    ),
    "original": "मूल",
    "none": "कोई नहीं",
    "The first rows of its example": "इसके उदाहरण की पहली पंक्तियाँ",
    "no signature": "हस्ताक्षर नहीं",
    "no signatory": "हस्ताक्षरकर्ता नहीं",
    "no entry into force": "लागू होने की तिथि नहीं",
    "no text": "पाठ नहीं",
    "{things} things, {relations} relations": "{things} इकाइयाँ, {relations} संबंध",
    "{told}, as other sources have it": "{told}, दूसरे स्रोतों के अनुसार",
    # coverage: what the report's queries tell, and their columns
    "Each pact - how many claims and sources stand behind it, the best tier, the actions known, what is missing, "
    "what is contested, and its newest source.": (
        "हर समझौता: उसके पीछे कितने दावे और स्रोत हैं, सबसे ऊँची श्रेणी, ज्ञात कार्यवाहियाँ, क्या नहीं मिला, क्या विवादित है, और "
        "उसका नवीनतम स्रोत।"
    ),
    "How many things of each class the graph holds.": "ग्राफ़ में हर वर्ग की कितनी इकाइयाँ हैं।",
    "Sources and claims by tier.": "श्रेणी के अनुसार स्रोत और दावे।",
    "Sources by year of publication.": "प्रकाशन वर्ष के अनुसार स्रोत।",
    "Sources by language.": "भाषा के अनुसार स्रोत।",
    "actions": "कार्यवाहियाँ",
    "class": "वर्ग",
    "gaps": "कमियाँ",
    "language": "भाषा",
    "newest": "नवीनतम",
    "tier": "श्रेणी",
    "things": "इकाइयाँ",
    "year": "वर्ष",
}
