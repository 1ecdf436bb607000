//! The authority for data protection of each country of the European Economic Area, of the
//! United Kingdom and of Switzerland. Names as the authorities write them (EDPB's list of members).

/// Where somebody turns to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority {
    /// Country, ISO 3166.
    pub country: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its site.
    pub site: &'static str,
}

/// The authority where somebody lives.
#[must_use]
pub fn authority(country: &str) -> Option<Authority> {
    let found = AUTHORITIES
        .iter()
        .find(|(code, ..)| code.eq_ignore_ascii_case(country.trim()));
    found.map(|(country, name, site)| Authority {
        country,
        name,
        site,
    })
}

const AUTHORITIES: &[(&str, &str, &str)] = &[
    ("AT", "Österreichische Datenschutzbehörde", "dsb.gv.at"),
    (
        "BE",
        "Autorité de protection des données",
        "autoriteprotectiondonnees.be",
    ),
    ("BG", "Commission for Personal Data Protection", "cpdp.bg"),
    (
        "CH",
        "Eidgenössischer Datenschutz- und Öffentlichkeitsbeauftragter",
        "edoeb.admin.ch",
    ),
    (
        "CY",
        "Commissioner for Personal Data Protection",
        "dataprotection.gov.cy",
    ),
    ("CZ", "Úřad pro ochranu osobních údajů", "uoou.gov.cz"),
    (
        "DE",
        "Bundesbeauftragte für den Datenschutz und die Informationsfreiheit",
        "bfdi.bund.de",
    ),
    ("DK", "Datatilsynet", "datatilsynet.dk"),
    ("EE", "Andmekaitse Inspektsioon", "aki.ee"),
    ("ES", "Agencia Española de Protección de Datos", "aepd.es"),
    ("FI", "Tietosuojavaltuutetun toimisto", "tietosuoja.fi"),
    (
        "FR",
        "Commission nationale de l'informatique et des libertés",
        "cnil.fr",
    ),
    ("GB", "Information Commissioner's Office", "ico.org.uk"),
    ("GR", "Hellenic Data Protection Authority", "dpa.gr"),
    ("HR", "Agencija za zaštitu osobnih podataka", "azop.hr"),
    (
        "HU",
        "Nemzeti Adatvédelmi és Információszabadság Hatóság",
        "naih.hu",
    ),
    ("IE", "Data Protection Commission", "dataprotection.ie"),
    ("IS", "Persónuvernd", "personuvernd.is"),
    (
        "IT",
        "Garante per la protezione dei dati personali",
        "garanteprivacy.it",
    ),
    ("LI", "Datenschutzstelle", "datenschutzstelle.li"),
    (
        "LT",
        "Valstybinė duomenų apsaugos inspekcija",
        "vdai.lrv.lt",
    ),
    (
        "LU",
        "Commission nationale pour la protection des données",
        "cnpd.lu",
    ),
    ("LV", "Datu valsts inspekcija", "dvi.gov.lv"),
    (
        "MT",
        "Office of the Information and Data Protection Commissioner",
        "idpc.org.mt",
    ),
    (
        "NL",
        "Autoriteit Persoonsgegevens",
        "autoriteitpersoonsgegevens.nl",
    ),
    ("NO", "Datatilsynet", "datatilsynet.no"),
    ("PL", "Urząd Ochrony Danych Osobowych", "uodo.gov.pl"),
    ("PT", "Comissão Nacional de Proteção de Dados", "cnpd.pt"),
    (
        "RO",
        "Autoritatea Naţională de Supraveghere a Prelucrării Datelor cu Caracter Personal",
        "dataprotection.ro",
    ),
    ("SE", "Integritetsskyddsmyndigheten", "imy.se"),
    ("SI", "Informacijski pooblaščenec", "ip-rs.si"),
    (
        "SK",
        "Úrad na ochranu osobných údajov",
        "dataprotection.gov.sk",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p91_every_country_of_the_area_has_its_authority() {
        let area = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO";
        let countries: Vec<&str> = area.split(' ').collect();
        assert_eq!(countries.len(), 30);
        for country in countries {
            let found = authority(country).unwrap();
            assert!(
                !found.name.is_empty() && found.site.contains('.'),
                "{country}"
            );
        }
        assert_eq!(authority("de"), authority(" DE "));
        assert_eq!(authority("XX"), None);
    }
}
