//! What a column's name says about its values.

/// The words of a column's name in small letters: `CustomerID`, `customer_id` and `customer id` are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NameWords {
    words: Vec<String>,
    joined: String,
}

/// Words that say: this is a key.
const KEYS: [&str; 17] = [
    "id",
    "ids",
    "uuid",
    "guid",
    "key",
    "pk",
    "identifier",
    "index",
    "idx",
    "rowid",
    "rownum",
    "serial",
    "udi",
    "uid",
    "kennung",
    "clave",
    "identifiant",
];
/// Words that say so at the end of a name of several words: `order number`, `invoice no`.
const NUMBERS: [&str; 6] = ["number", "no", "nr", "num", "nummer", "numero"];
/// What `id` may be glued to: `customerid`.
const KEY_OWNERS: [&str; 33] = [
    "user",
    "customer",
    "client",
    "order",
    "product",
    "patient",
    "account",
    "employee",
    "item",
    "record",
    "transaction",
    "session",
    "device",
    "case",
    "person",
    "member",
    "student",
    "row",
    "loan",
    "ticket",
    "event",
    "trip",
    "ride",
    "passenger",
    "visit",
    "encounter",
    "subject",
    "sample",
    "policy",
    "claim",
    "store",
    "movie",
    "image",
];
/// Words that say: these numbers are codes, however many there are.
const CODES: [&str; 24] = [
    "zip", "zipcode", "postal", "postcode", "plz", "cep", "code", "codes", "fips", "naics", "sic", "icd",
    "icd9", "icd10", "cpt", "mcc", "mnc", "iso", "sku", "ean", "upc", "isbn", "gtin", "hs",
];
/// Words that say: these few numbers are labels.
const LABELS: [&str; 32] = [
    "class",
    "type",
    "status",
    "category",
    "cat",
    "group",
    "region",
    "month",
    "mnth",
    "mon",
    "weekday",
    "dow",
    "season",
    "quarter",
    "qtr",
    "cluster",
    "label",
    "sex",
    "gender",
    "race",
    "flag",
    "state",
    "segment",
    "department",
    "dept",
    "branch",
    "shift",
    "zone",
    "district",
    "ward",
    "sector",
    "tier",
];
/// Words that say: these are quantities, few as they may be.
const QUANTITIES: [&str; 45] = [
    "count",
    "cnt",
    "counts",
    "number",
    "num",
    "n",
    "qty",
    "quantity",
    "amount",
    "total",
    "sum",
    "age",
    "years",
    "months",
    "weeks",
    "days",
    "hours",
    "minutes",
    "seconds",
    "rooms",
    "bedrooms",
    "bathrooms",
    "baths",
    "beds",
    "floors",
    "stories",
    "doors",
    "children",
    "kids",
    "siblings",
    "persons",
    "people",
    "guests",
    "adults",
    "babies",
    "visits",
    "purchases",
    "calls",
    "errors",
    "attempts",
    "points",
    "goals",
    "wins",
    "losses",
    "nights",
];
/// Words that say: these whole numbers are a time line or a rank, not keys.
const TIMES: [&str; 22] = [
    "year",
    "yr",
    "time",
    "timestamp",
    "date",
    "datetime",
    "month",
    "week",
    "day",
    "hour",
    "minute",
    "second",
    "epoch",
    "unix",
    "jahr",
    "annee",
    "ano",
    "rank",
    "position",
    "step",
    "t",
    "frame",
];

impl NameWords {
    /// Takes a name apart at what is neither letter nor digit, and where small letters meet capitals.
    pub(crate) fn new(name: &str) -> Self {
        let mut words: Vec<String> = Vec::new();
        let mut word = String::new();
        let characters: Vec<char> = name.chars().take(200).collect();
        for (at, &c) in characters.iter().enumerate() {
            let before = at.checked_sub(1).map(|at| characters[at]);
            let after = characters.get(at + 1);
            let boundary = match before {
                Some(before) if c.is_uppercase() => {
                    before.is_lowercase()
                        || (before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()))
                }
                _ => false,
            };
            if (boundary || !c.is_alphanumeric()) && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            if c.is_alphanumeric() {
                word.extend(c.to_lowercase());
            }
        }
        if !word.is_empty() {
            words.push(word);
        }
        NameWords { joined: words.concat(), words }
    }

    pub(crate) fn any(&self, list: &[&str]) -> bool {
        self.words.iter().any(|word| list.contains(&word.as_str()))
    }

    fn last_is(&self, list: &[&str]) -> bool {
        self.words.last().is_some_and(|word| list.contains(&word.as_str()))
    }

    /// All words glued together.
    pub(crate) fn joined(&self) -> &str {
        &self.joined
    }

    #[cfg(test)]
    pub(crate) fn words(&self) -> &[String] {
        &self.words
    }

    /// The name says that the values are keys, of this table or another.
    pub(crate) fn is_reference(&self) -> bool {
        self.any(&KEYS) || self.joined.strip_suffix("id").is_some_and(|owner| KEY_OWNERS.contains(&owner))
    }

    /// The name says that the values are keys, if they are all different.
    pub(crate) fn is_key(&self) -> bool {
        self.is_reference()
            || (self.words.len() > 1 && self.last_is(&NUMBERS) && !self.any(&QUANTITIES[7..]))
            || self.joined.strip_suffix("id").is_some_and(|owner| KEY_OWNERS.contains(&owner))
    }

    /// The name says that the values are codes, however many there are.
    pub(crate) fn is_code(&self) -> bool {
        self.any(&CODES) || self.joined.ends_with("zipcode") || self.joined.ends_with("postalcode")
    }

    /// The name says that the values are labels.
    pub(crate) fn is_label(&self) -> bool {
        self.any(&LABELS) || self.joined.ends_with("dayofweek")
    }

    /// The name says that the values are hours of the day.
    pub(crate) fn is_hour(&self) -> bool {
        self.any(&["hr", "hour"])
    }

    /// The name says that the values are quantities.
    pub(crate) fn is_quantity(&self) -> bool {
        self.any(&QUANTITIES)
    }

    /// The name says that the values are a time line or a rank.
    pub(crate) fn is_time(&self) -> bool {
        self.any(&TIMES)
    }

    /// The name says that the values are dates.
    pub(crate) fn is_date(&self) -> bool {
        self.any(&[
            "date",
            "day",
            "dt",
            "datum",
            "fecha",
            "data",
            "dob",
            "birthday",
            "birthdate",
            "time",
            "timestamp",
            "ymd",
        ]) || self.joined.ends_with("date")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words() {
        for name in ["CustomerID", "customer_id", "Customer ID", "customer-id", "CUSTOMER_ID"] {
            assert_eq!(NameWords::new(name).words(), ["customer", "id"], "{name}");
        }
        assert_eq!(NameWords::new("PAY_AMT1").words(), ["pay", "amt1"]);
        assert_eq!(NameWords::new("HTTPStatus").words(), ["http", "status"]);
        assert_eq!(NameWords::new("").words(), [] as [&str; 0]);
    }

    #[test]
    fn keys_codes_and_quantities() {
        for name in ["id", "Product ID", "customerid", "orderNumber", "invoice_no", "UDI", "row_index"] {
            assert!(NameWords::new(name).is_key(), "{name}");
        }
        for name in ["paid", "number_of_rooms", "humid", "rooms number", "width", "n"] {
            assert!(!NameWords::new(name).is_key(), "{name}");
        }
        assert!(NameWords::new("ZIP code").is_code());
        assert!(NameWords::new("number of rooms").is_quantity());
        assert!(NameWords::new("day_of_week").is_label());
    }
}
