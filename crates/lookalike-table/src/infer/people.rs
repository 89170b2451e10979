//! Common given names, to tell columns of people's names from those of titles and products. What is not among them is no
//! evidence against: a column of people's names has some of them in many of its values.

/// In small letters. The commonest of Europe, the Americas, India, Turkey, China (in Latin letters) and Japan.
const NAMES: &str = "\
aarav abdul adam adele adrian agata agnieszka ahmed alain alan albert alberto aleksander aleksandra alessandro \
alessia alex alexander alexandra alexandre alexis alfred alice alicia alix amanda amber amelia amit amy ana anders \
andrea andreas andrew andrzej angela angelika angelina anil anita anjali anke ann anna anne annette anthony antoine \
anton antonio april arjun arnaude arthur arun ashley astrid audrey aurelie aurora austin ava ayse barbara beata \
beatriz benjamin benoit bernard bernd betty beverly bianca birgit bjorn bo brandon brenda brett brian brigitte bruce \
bruno bryan camila camille capucine carl carla carlo carlos carmen carol caroline catherine cecilia chad charles \
charlotte chelsea chiara chloe christian christina christine christopher clara claude claudia cody colin connie \
constance courtney cristina crystal cynthia dagmar daniel daniela daniele danielle danuta dario darren david dawn \
deborah deepak denis denise dennis derek diana diane diego dieter dina dirk dolores dominik dominique donald donna \
dorota dorothee dorothy douglas dustin eberhard edeltraud edith eduardo edward egon eleanora elena eleonore elif \
elisabeth elise elizabeth ella ellen emilie emily emine emma emmanuel emmanuelle enzo eric erik erika erin ernest \
ernst esther ethan etienne eva evelyn ewa fabian fabio fatma federica federico felipe felix fernanda fernando filip \
fiorella florence florian frances francesca francesco francis francisco franck frank frederic friedrich fritz \
gabriel gabriela gary genevieve george georges gerald gerard gerd gerhard gertrud gianluca gilbert gilles gina \
gioacchino giorgio giovanni gisela giulia giuseppe gloria grace greg gregory greta grzegorz guillaume gunter gunther \
gustav guy halina hanna hannah hans harald harold harry hasan hatice heather hedwig heidi heike heinrich helen \
helena helene helga henri henriette henry henryk herbert hermann hildegard holger holly horst hortense hubert hugo \
ian ida igor ines ingeborg ingrid irena irene irmgard isaac isabel isabella isabelle ivan jacek jack jacob \
jacqueline jacques jadwiga jake jakob jakub james jamie jan jana jane janet janice janusz jason javier jean jeffery \
jeffrey jennifer jens jeremy jerome jerry jerzy jesse jessica jesus jill joan joana joanna joao jochen joe joel \
johan johann johanna johannes john jon jonas jonathan jordan jorg jorge jose joseph joshua joyce juan juana judith \
judy julia julian julie julien julita jun jurgen justyna jutta kacper karen karin karl karolina katarzyna kate \
katharina katherine kathleen kathryn kathy kavita kazimierz keith kelly kenneth kerstin kevin kim klara klaus konrad \
kristen kristin krystyna krzysztof kurt kyle lance larissa larry lars laura lauren laurence laurent lea lena leon \
leonardo leonie leslie lia liam lidia lily lina linda lisa liselotte livia logan lorenzo loretta lorraine louis \
louise luc luca lucas lucia lucy ludovica ludwig luis luisa lukas lukasz madeleine madeline madison magdalena maik \
malgorzata manfred manon manuel manuela marc marcel marcelle marcin marco marcos marcus marek margaret margarida \
margaux margot maria mariana marianne marie marilyn mario marion mark markus marta martha martin martina marvin mary \
mason mateusz matteo matthew matthias maurice max megan mehmet melissa mia michael michal michel michele michelle \
mieczyslaw miguel mike mohamed mohammad mohammed monica monika monique murat mustafa nadine nancy natalia natalie \
nathalie nathan neha nicholas nick nicola nicolas nicole nikodem nils noah noel olga oliver olivia oscar oskar otto \
owen pablo pamela paola paolo pasquale patricia patrick patryk paul paula pauline paulo pawel pedro per peter petra \
philip philipp philippe pierre pilar piotr pooja priya rachel rafael raffaele rahul rainer raj ralf ralph ramon raul \
raymond rebecca regina reinhard remy renata renate ricardo richard rita robert roberto robin roger roland rolf \
ronald rosa rosalia rosario rose roy rudolf russell ruth ryan ryszard sabine sally salvatore sam samantha samuel \
sandra sanjay sara sarah scott sean sebastian sebastien serge sergio sharon shawn shirley siegfried silvia simon \
simone sofia sonia sophia sophie stanislaw stefan stefania stefanie stefano stephane stephanie stephen steven sunil \
susan susanna susanne suzanne sven sylvia sylvie szymon tadeusz tammy tanja tatiana taylor teresa theodor theodore \
theresa thierry thomas tiago tiffany tim timothy tina tobias todd tom tomas tomasz tracy travis tyler ugo ulrich \
ulrike ursula uwe valentina valerie vanessa vera verena veronica veronique victor victoria vijay vincent vincenzo \
virginia virginie vittoria walter waltraud wei wendy werner weronika wiktor wilhelm william winfried wojciech \
wolfgang xavier yan yusuf yves yvonne zachary zbigniew zeynep zoe zofia";

/// Japanese ones, of which names in Kanji end.
const KANJI: [&str; 38] = [
    "陽一",
    "裕樹",
    "直人",
    "七夏",
    "直樹",
    "陽子",
    "康弘",
    "美加子",
    "学",
    "春香",
    "加奈",
    "舞",
    "零",
    "和也",
    "翔太",
    "英樹",
    "洋介",
    "太郎",
    "花子",
    "健一",
    "智也",
    "裕太",
    "真綾",
    "聡太郎",
    "明美",
    "美穂",
    "里佳",
    "稔",
    "修平",
    "さゆり",
    "結衣",
    "香織",
    "千代",
    "幹",
    "淳",
    "充",
    "拓真",
    "桃子",
];

/// True when a word of a text is a common given name.
pub(super) fn has_given_name(text: &str) -> bool {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '.' | '(' | ')')).any(is_given_name)
}

fn is_given_name(word: &str) -> bool {
    if word.is_ascii() {
        let lower = word.to_ascii_lowercase();
        return word.len() > 1 && NAMES.split(' ').any(|name| name == lower);
    }
    let plain: String = word.chars().flat_map(char::to_lowercase).map(without_mark).collect();
    KANJI.contains(&word) || (plain.is_ascii() && NAMES.split(' ').any(|name| name == plain))
}

/// A letter without its accent.
fn without_mark(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' => 'a',
        'è' | 'é' | 'ê' | 'ë' | 'ę' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'ı' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ç' | 'ć' => 'c',
        'ñ' | 'ń' => 'n',
        'ł' => 'l',
        'ś' | 'ş' => 's',
        'ź' | 'ż' => 'z',
        'ğ' => 'g',
        'ý' => 'y',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_with_and_without_marks() {
        for name in
            ["Geneviève-Marie", "Frédéric", "König, Jürgen Thomas", "佐々木 春香", "Ayşe Yılmaz", "MARY"]
        {
            assert!(has_given_name(name), "{name}");
        }
        for text in ["Turbo Pump Pro", "Cold Corn Salad", "Dark Day Love", "Speedy Express", ""] {
            assert!(!has_given_name(text), "{text}");
        }
    }
}
