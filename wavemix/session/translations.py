"""What the words of the vocabulary are called in other languages: a row a word, as data.

Spanish, French, German, Italian, Portuguese, Dutch, Swedish, Polish, Russian, Japanese, separated by commas and written
as people there write them. What has a word in common with English or with another row needs no place of its own, and
neither does what is run together from known words (`Leadgesang`, `Golvpuka`, `エレキギター`).
"""

DRUMS = {
    "drum": "batería, batterie, schlagzeug, trommel, trommeln, drumcomputer, batteria, tambor, tamburo, tamburi, "
    "drumstel, slagwerk, trom, trommels, trumma, trummor, trum, perkusja, perka, perkusyjny, bęben, bębny, ударные, "
    "ударная, барабан, барабаны, драм, ドラム, ドラムス, caja de ritmos, boîte à rythmes",
    "kick": "bombo, grosse caisse, große trommel, cassa, grancassa, gran cassa, bumbo, grote trom, kagge, stopa, "
    "centrala, bęben basowy, бочка, большой барабан, キック, バスドラ, バスドラム",
    "snare": "caja, redoblante, tarola, caisse claire, kleine trommel, rullante, caixa, kleine trom, virvel, werbel, "
    "малый, малый барабан, рабочий, рабочий барабан, снейр, スネア",
    "hat": "contratiempo, charley, charlé, charleston, chimbal, chimbau, contratempo, prato de choque, hajhet, хэт, "
    "хет, хайхэт, хайхет, хай хэт, хай хет, ハット, ハイハット",
    "tom": "timbal base, puka, pukor, kocioł, tomy, том, томы, тома, タム",
    "floor": "vloer, golv, напольный, フロア",
    "cymbal": "platillo, plato, cymbale, becken, piatto, piatti, prato, bekken, cymbaler, talerz, talerze, blachy, "
    "тарелка, тарелки, シンバル",
    "crash": "крэш, креш, クラッシュ",
    "ride": "райд, ライド",
    "splash": "сплэш, スプラッシュ",
    "overhead": "aéreo, panoramico, panoramici, overheady, оверхед, оверхэд, оверхеды, оверхэды, オーバーヘッド",
    "room": "sala, ambiente, raum, raumklang, raummikro, stanza, ruimte, ruimtemicrofoon, rum, rumsmick, pokój, "
    "pokoju, комната, рум, ルーム, ルームマイク",
    "percussion": "percusión, percu, percus, percussioni, percussão, percussie, slagverk, przeszkadzajki, перкуссия, "
    "打楽器, パーカッション",
    "shaker": "rassel, schüttelei, sonagli, chocalho, ganzá, caxixi, schudei, skakägg, grzechotka, шейкер, シェイカー, "
    "シェーカー",
    "tambourine": "pandero, pandereta, tambourin, schellenkranz, tamburin, tamburello, meia lua, tamboerijn, tamburyn, "
    "бубен, тамбурин, タンバリン",
    "conga": "tumbadora, kongi, конга, конги, コンガ",
    "bongo": "bonghi, bongosy, бонги, ボンゴ",
    "clap": "palmas, claquement, klatschen, händeklatschen, battimani, battito di mani, handgeklap, handklap, "
    "handklapp, handklappning, klaskanie, klaśnięcia, хлопки, хлопок, 手拍子, クラップ",
    "cowbell": "cencerro, cloche à vache, kuhglocke, campanaccio, koebel, koskälla, ковбелл, カウベル",
    "cajon": "кахон, カホン",
    "triangle": "triángulo, triangel, triangolo, trójkąt, треугольник, トライアングル",
    "timpani": "timbales, pauken, timpano, kotły, литавры, ティンパニ",
    "maraca": "marakasy, маракасы, マラカス",
    "castanet": "castañuela, castagnettes, kastagnetten, nacchere, castanholas, castagnetten, kastanjetter, "
    "kastaniety, кастаньеты, カスタネット",
    "sleigh bell": "cascabeles, grelots, schellen",
    "taiko": "太鼓, 和太鼓",
}

BASS = {
    "bass": "bajo, basse, basso, bassi, baixo, bas, baslijn, basowa, basowy, basówka, бас, ベース",
    "double bass": "contrabajo, contrabaixo, contrebasse, kontrabass, kontrabässe, contrabbasso, contrabas, "
    "kontrabas, ståbas, контрабас, コントラバス, ウッドベース",
    "bass guitar": "басгитара",
    "amp": "ampli, amplificador, verstärker, amplificatore, cubo, versterker, förstärkare, piec, wzmacniacz, комбик, "
    "усилитель, アンプ",
    "sub": "саб, サブ",
    "mic": "micro, micrófono, mikro, mikrofon, microfoon, mick, микрофон, マイク",
}

VOCALS = {
    "vocal": "voz, voces, cantante, voix, chanteur, chanteuse, gesang, stimme, stimmen, sänger, sängerin, "
    "sprechgesang, frauenstimme, männerstimme, voce, voci, canto, vozes, cantor, cantora, zang, zanger, zangeres, "
    "stemmen, vrouwenstem, mannenstem, vocalen, sång, sångare, sångerska, röst, röster, wokal, wokale, wokalu, "
    "wokalista, wokalistka, głos, śpiew, вокал, голос, солист, солистка, певец, певица, речитатив, ボーカル, "
    "ヴォーカル, 歌, 声, ラップ, セリフ",
    "choir": "coro, coros, chœur, chorale, chor, chöre, männerchor, frauenchor, kinderchor, cori, coretti, koor, "
    "koren, koortje, mannenkoor, kinderkoor, achtergrondkoor, kör, körer, barnkör, manskör, chórek, chórki, хор, "
    "подпевки, コーラス, 合唱, 混声合唱",
    "bgv": "controvoce, controvoci, stämmor, andrastämma, stämsång, бэк, бэки, бек, бэквокал, беквокал, ハモ, ハモリ, "
    "segunda voz, segundas voces, seconde voix, deuxième voix, zweitstimme, zweite stimme, seconda voce, tweede stem, "
    "drugi głos, второй голос",
    "speech": "locución, sprecher, parlato, locução, narração, lektor, диктор, ナレーション, voz en off, voix off, "
    "voce narrante",
    "harmony": "armonía, harmonie",
    "soprano": "sopran, sopraan, soprani, сопрано, ソプラノ",
    "alto": "alt, alti, contralto, contralti, альт, альты, アルト",
    "tenor": "tenore, tenori, тенор, тенора, テノール",
    "baritone": "bariton, baryton, barítono, баритон, バリトン",
    "lead": "principal, líder, solista, principale, haupt, hoofd, huvud, główny, główna, prowadzący, prowadząca, лид, "
    "основной, главный, リード, メイン",
    "backing": "apoyo, hintergrund, begleit, supporto, apoio, achtergrond, bakgrund, bakgrunds, wspierający, バック, "
    "バッキング",
    "double": "doble, doblada, doblaje, doublage, doublure, gedoppelt, dopplung, doppelt, doppia, doppiaggio, dobra, "
    "dobrada, dubbel, dubbele, dubb, dubbad, dubblering, dubel, dublowany, дабл, ダブル, ダブリング",
}

GUITARS = {
    "guitar": "guitarra, guitare, gitarre, gitarren, chitarra, chitarre, gitaar, gitaren, gitarr, gitarrer, gitara, "
    "gitary, гитара, гитары, ギター",
    "electric": "eléctrica, eléctrico, électrique, elektrisch, elektrische, elektro, elettrica, elettrico, "
    "elétrica, elétrico, elektrisk, elektryczna, elektryczne, elektryk, электро, エレキ",
    "acoustic": "acústica, acústico, acoustique, akustik, akustisch, akustische, akoestisch, akoestische, akustisk, "
    "akustyczna, akustyk, акустика, акустическая, アコースティック",
    "rhythm": "rythmique, rhythmus, ritmica, rytmiczna, ритм, リズム",
    "acoustic guitar": "violão, violões, アコギ, guitarra criolla, guitarra clásica, guitarra española, guitarra "
    "flamenca, requinto, guitarra 12 cuerdas, guitare sèche, guitare folk, guitare classique, guitare 12 cordes, "
    "westerngitarre, konzertgitarre, chitarra classica, chitarra 12 corde, viola caipira, cavaquinho, cavaco, "
    "guitarra portuguesa, violão 12 cordas, klassieke gitaar, spaanse gitaar, akgitarr, stålsträngad gitarr, gitara "
    "klasyczna, gitara 12 strunowa, классическая гитара, クラシックギター, ガットギター",
    "electric guitar": "e git, slaggitaar, kompgitarr",
    "mandolin": "mandolina, mandoline, mandolino, bandolim, bandurria, мандолина, マンドリン",
    "ukulele": "ukelele, укулеле, ウクレレ",
    "banjo": "банджо, バンジョー",
    "lute": "laúd, luth, laute, liuto, alaúde, luit, luta, lutnia, лютня",
    "balalaika": "bałałajka, балалайка, домра",
    "shamisen": "三味線",
    "dulcimer": "cymbały, hackbrett, salterio",
}

KEYS = {
    "keys": "teclado, clavier, tasten, tastiera, tastiere, toetsen, klaviatur, klawisze, клавиши, клавишные, 鍵盤, "
    "キーボード",
    "piano": "klavier, flügel, konzertflügel, pianoforte, vleugel, flygel, fortepian, pianino, фортепиано, пианино, "
    "пиано, рояль, ピアノ",
    "e piano": "электропиано, エレピ",
    "rhodes": "родес, ローズ",
    "organ": "orgue, orgel, organo, órgão, organy, орган, オルガン, drehorgel, draaiorgel, kirchenorgel, "
    "kerkorgel, kyrkorgel, tramporgel",
    "harpsichord": "clavecin, cembalo, clavicembalo, cravo, klavecimbel, klawesyn, клавесин, チェンバロ",
    "accordion": "acordeón, akkordeon, ziehharmonika, fisarmonica, organetto, acordeão, sanfona, accordeon, "
    "dragspel, akordeon, аккордеон, баян, гармонь, アコーディオン",
    "marimba": "マリンバ, 木琴",
    "vibraphone": "vibraphon, vibrafono, vibrafone, vibrafoon, vibrafon, wibrafon, вибрафон, ビブラフォン",
    "xylophone": "xylophon, xilofono, xilofone, xylofoon, xylofon, ksylofon, ксилофон, シロフォン",
    "glockenspiel": "carillon, klokkenspel, klockspel, 鉄琴, グロッケン",
    "celesta": "celeste, czelesta, челеста, チェレスタ",
    "bell": "campanas, cloches, glocken, campane, sinos, klokken, klockor, dzwonki, dzwony, колокола, колокольчики, "
    "ベル, röhrenglocken, buisklokken",
    "synth": "sintetizador, sinte, synthé, synthétiseur, synthi, sintetizzatore, sintetizadores, synt, syntar, "
    "syntezator, syntezatory, синт, синты, синтезатор, синтезаторы, シンセ, シンセサイザー",
    "pad": "colchón, nappe, fläche, flächen, tappeto, tappeti, matta, пад, пэд, パッド",
    "arpeggio": "アルペジオ",
}

STRINGS = {
    "strings": "cuerdas, cordes, streicher, archi, cordas, strijkers, stråkar, stråk, smyczki, струнные, "
    "ストリングス, 弦",
    "string quartet": "streichquartett, quartetto d archi, strijkkwartet, stråkkvartett, kwartet smyczkowy",
    "violin": "violon, geige, geigen, violine, violinen, violino, violini, rabeca, viool, violen, fiol, fioler, "
    "skrzypce, скрипка, скрипки, バイオリン, ヴァイオリン",
    "viola": "bratsche, bratschen, viole, altviool, altfiol, altówka, ビオラ, ヴィオラ",
    "cello": "violonchelo, chelo, violoncelle, violoncello, violoncelli, violoncelo, wiolonczela, виолончель, チェロ",
    "orchestra": "orquesta, orchestre, orchester, orquestra, orkest, orkester, orkiestra, оркестр, オーケストラ",
    "harp": "arpa, harpe, harfe, harpa, harfa, арфа, ハープ",
    "hurdy gurdy": "vielle à roue, drehleier, ghironda",
    "koto": "琴",
    "erhu": "二胡",
    "zither": "cítara, гусли",
}

WINDS = {
    "winds": "vientos, vents, bläser, fiati, sopros, blazers, blås, dęciaki, dęte, духовые, 管楽器",
    "woodwind": "holzbläser, legni, madeiras, houtblazers, träblås",
    "brass": "metales, cuivres, blechbläser, ottoni, metais, koperblazers, bleckblås, медные, ブラス",
    "horn": "waldhorn, hörner, corno, corni, trompa, hoorn, hoorns, valthorn, waltornia, валторна, ホルン, ホーン, "
    "cor d harmonie",
    "trumpet": "trompeta, trompette, trompete, trompeten, tromba, trombe, trompet, trompetten, trąbka, trąbki, труба, "
    "трубы, トランペット",
    "trombone": "posaune, posaunen, tromboni, trombon, puzon, тромбон, トロンボーン",
    "tuba": "туба, チューバ",
    "sax": "saxo, saxophon, altsaxophon, altsax, tenorsax, sassofono, saxofone, saxofoon, saxofon, saksofon, "
    "саксофон, сакс, サックス, アルトサックス, テナーサックス",
    "flute": "flauta, flöte, flöten, querflöte, flauto, flauti, fluit, dwarsfluit, flöjt, tvärflöjt, flet, pífano, "
    "quena, zampoña, флейта, свирель, フルート",
    "recorder": "flauta dulce, flûte à bec, blockflöte, flauto dolce, flauta doce, blokfluit, blockflöjt, リコーダー",
    "clarinet": "clarinete, clarinette, klarinette, clarinetto, klarinet, klarinett, klarnet, кларнет, クラリネット",
    "oboe": "hautbois, hobo, obój, гобой, オーボエ",
    "bassoon": "fagot, basson, fagott, fagotto, fagote, фагот, ファゴット",
    "harmonica": "mundharmonika, armonica, mondharmonica, munspel, harmonijka, гармошка, ハーモニカ",
    "melodica": "escaleta, мелодика, ピアニカ",
    "bagpipe": "gaita, cornemuse, dudelsack, zampogna, doedelzak, säckpipa, dudy, волынка",
    "shakuhachi": "尺八",
}

EFFECTS = {
    "effect": "efectos, effets, effekte, soundeffekte, effetti, efeitos, effecten, geluidseffecten, effekter, "
    "ljudeffekter, efekty, эффекты, エフェクト, 効果音",
    "noise": "ruido, bruit, bruitages, geräusche, rauschen, rumore, rumori, ruis, brus, oljud, szum, szumy, "
    "hałas, шум, шумы, ノイズ",
    "wind": "viento, vento",
    "atmosphere": "omgevingsgeluid, 環境音",
}

TRANSLATIONS = DRUMS | BASS | VOCALS | GUITARS | KEYS | STRINGS | WINDS | EFFECTS
