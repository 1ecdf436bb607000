//! Data that was exposed: a register with the clock of 72 hours, the customers told each in their
//! own register, the authority's form and the letters to the persons written out.
//!
//! The form holds what GDPR Art. 33(3) asks for, the letter what Art. 34(2) does. A hosting
//! operator is its customers' processor: it tells the customers (Art. 33(2)), who tell the persons.

use std::collections::{BTreeMap, BTreeSet};

use domain::{BreachId, DataCategory, InteractionId, Millis, Secret, TenantId, Timestamp};
use policy::{Find, Read, Scope, Seal};
use serde::{Deserialize, Serialize};
use store::{Filed, Registered};

use crate::app::App;
use crate::error::AppError;
use crate::keyed;
use crate::rfc3339;

/// Within which time after its being known an exposure is told (GDPR Art. 33(1)).
pub const TELL_WITHIN: Millis = Millis(72 * 3_600_000);

/// What is known of an exposure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breach {
    /// Since when it is known here: the clock runs from then.
    #[serde(with = "keyed::at")]
    pub known: Timestamp,
    /// What happened: how the data was exposed, to whom, for how long.
    #[serde(with = "keyed::secret")]
    pub what: Secret,
    /// Kinds of data.
    #[serde(with = "keyed::many")]
    pub categories: BTreeSet<DataCategory>,
    /// Whose interactions; an empty set: all of that customer's.
    #[serde(with = "concerned")]
    pub concerned: BTreeMap<TenantId, BTreeSet<InteractionId>>,
    /// What may come of it for the persons.
    #[serde(with = "keyed::secret")]
    pub consequences: Secret,
    /// What was done about it, and what persons can do.
    #[serde(with = "keyed::secret")]
    pub measures: Secret,
    /// Whether it is an exercise: nobody is told, everything else is the same.
    pub drill: bool,
    /// When the customers were told.
    #[serde(with = "keyed::maybe_at")]
    pub customers_told: Option<Timestamp>,
    /// When the authority was told, and its reference.
    #[serde(with = "keyed::maybe_at")]
    pub authority_told: Option<Timestamp>,
    /// Why later than in 72 hours, where it was.
    pub delay: Option<String>,
}

impl Breach {
    /// By when it must have been told.
    #[must_use]
    pub fn due(&self) -> Timestamp {
        self.known.plus(TELL_WITHIN)
    }

    /// Whether it was told late, or is not told although its time is over.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        !self.drill && self.customers_told.unwrap_or(now) > self.due()
    }
}

impl Registered for Breach {
    type Id = BreachId;
    const REGISTER: &'static str = "breaches";
    const PERSONAL: bool = true;

    fn state(&self) -> &'static str {
        match (self.customers_told, self.authority_told) {
            (None, _) => "known",
            (Some(_), None) => "customers_told",
            (Some(_), Some(_)) => "told",
        }
    }

    fn due(&self) -> Option<Timestamp> {
        let open = self.customers_told.is_none() || self.authority_told.is_none();
        open.then(|| Self::due(self))
    }
}

/// What a customer is told, in its own register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreachNotice {
    /// The operator's number.
    #[serde(with = "keyed::one")]
    pub breach: BreachId,
    /// Since when it is known.
    #[serde(with = "keyed::at")]
    pub known: Timestamp,
    /// What happened.
    #[serde(with = "keyed::secret")]
    pub what: Secret,
    /// Kinds of data.
    #[serde(with = "keyed::many")]
    pub categories: BTreeSet<DataCategory>,
    /// This customer's interactions; none: all.
    #[serde(with = "keyed::many")]
    pub interactions: BTreeSet<InteractionId>,
    /// What may come of it.
    #[serde(with = "keyed::secret")]
    pub consequences: Secret,
    /// What was done, and what persons can do.
    #[serde(with = "keyed::secret")]
    pub measures: Secret,
    /// Whether it is an exercise.
    pub drill: bool,
}

impl Registered for BreachNotice {
    // Filed once and never changed; it shares the breaches' kind of id.
    type Id = BreachId;
    const REGISTER: &'static str = "breach_notices";
    const PERSONAL: bool = true;

    fn state(&self) -> &'static str {
        "told"
    }
}

impl BreachNotice {
    /// The letter to a person, for the customer to send (GDPR Art. 34(2)): no data of anybody in
    /// it.
    #[must_use]
    pub fn letter(&self, contact: &str) -> String {
        format!(
            "{}Data about you may have been exposed\n\n\
             What happened\n  {}\n\n\
             Which data\n  {}\n\n\
             What may come of it\n  {}\n\n\
             What was done, and what you can do\n  {}\n\n\
             Whom you can ask\n  {contact}\n",
            exercise(self.drill),
            self.what.expose(),
            kinds(&self.categories),
            self.consequences.expose(),
            self.measures.expose(),
        )
    }
}

/// A breach with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreachView {
    /// Its number.
    pub id: BreachId,
    /// `known`, `customers_told` or `told`.
    pub state: &'static str,
    /// When it was written down.
    pub filed: Timestamp,
    /// What is known.
    pub breach: Breach,
}

impl App {
    /// Writes an exposure down; its clock runs from when it became known.
    ///
    /// # Errors
    /// [`AppError::Input`] where something that must be told is missing; [`AppError::NotFound`] for
    /// an unknown customer.
    pub async fn report_breach(&self, desk: &Scope, breach: &Breach) -> Result<BreachId, AppError> {
        let texts = [&breach.what, &breach.consequences, &breach.measures];
        let blank = texts.iter().any(|text| text.expose().trim().is_empty());
        if blank || breach.categories.is_empty() || breach.concerned.is_empty() {
            return Err(AppError::Input(
                "an exposure needs what happened, the kinds of data, the customers concerned, what \
                 may come of it and what was done (clause P68)"
                    .to_owned(),
            ));
        }
        if breach.known > self.now() {
            return Err(AppError::Input(
                "it cannot have become known later than now".to_owned(),
            ));
        }
        for tenant in breach.concerned.keys() {
            self.tenant_by_id(*tenant).await?;
        }
        let fresh = Breach {
            customers_told: None,
            authority_told: None,
            delay: None,
            ..breach.clone()
        };
        let permit = self.keep::<Seal>(desk).await?;
        Ok(self.store.file(&permit, &fresh).await?)
    }

    /// Tells each customer concerned, in their own register. Of an exercise each is told that it is
    /// one.
    ///
    /// # Errors
    /// [`AppError::Input`] where they were told, or it is late and no reason is given.
    pub async fn tell_customers(
        &self,
        desk: &Scope,
        id: BreachId,
        delay: Option<&str>,
    ) -> Result<usize, AppError> {
        let seen = self.breach(desk, id).await?;
        let now = self.now();
        if seen.body.customers_told.is_some() {
            return Err(AppError::Input("the customers were told".to_owned()));
        }
        let late = now > Breach::due(&seen.body);
        let delay = delay.map(str::trim).filter(|text| !text.is_empty());
        if late && delay.is_none() {
            return Err(AppError::Input(
                "72 hours are over: say why it is told so late (GDPR Art. 33(1))".to_owned(),
            ));
        }
        for (tenant, interactions) in &seen.body.concerned {
            let notice = BreachNotice {
                breach: id,
                known: seen.body.known,
                what: seen.body.what.clone(),
                categories: seen.body.categories.clone(),
                interactions: interactions.clone(),
                consequences: seen.body.consequences.clone(),
                measures: seen.body.measures.clone(),
                drill: seen.body.drill,
            };
            let permit = self.keep::<Seal>(&self.clockwork(*tenant)).await?;
            // Under the operator's number, by which both sides speak of it.
            self.store.file_as(&permit, id, &notice).await?;
        }
        let told = Breach {
            customers_told: Some(now),
            delay: delay.map(str::to_owned),
            ..seen.body.clone()
        };
        let permit = self.keep::<Seal>(desk).await?;
        self.store.amend(&permit, &seen, &told).await?;
        Ok(seen.body.concerned.len())
    }

    /// Writes down that the authority was told.
    ///
    /// # Errors
    /// [`AppError::Input`] where that stands already.
    pub async fn told_authority(&self, desk: &Scope, id: BreachId) -> Result<(), AppError> {
        let seen = self.breach(desk, id).await?;
        if seen.body.authority_told.is_some() {
            return Err(AppError::Input("the authority was told".to_owned()));
        }
        let told = Breach {
            authority_told: Some(self.now()),
            ..seen.body.clone()
        };
        let permit = self.keep::<Seal>(desk).await?;
        self.store.amend(&permit, &seen, &told).await?;
        Ok(())
    }

    /// The form for the authority: what GDPR Art. 33(3) asks for, with the numbers of interactions
    /// and persons counted from what is stored.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn breach_form(&self, desk: &Scope, id: BreachId) -> Result<String, AppError> {
        let breach = self.breach(desk, id).await?.body;
        let policy = self.policy();
        let head = policy.head();
        let mut concerned = Vec::new();
        for (tenant, interactions) in &breach.concerned {
            let name = self.tenant_by_id(*tenant).await?.name;
            let (records, persons) = self.counted(*tenant, interactions).await?;
            concerned.push(format!(
                "{name}: {records} interactions, about {persons} persons"
            ));
        }
        let delay = breach
            .delay
            .as_ref()
            .map(|delay| format!("Reasons for the delay: {delay}\n"));
        Ok(format!(
            "{}Notification of a personal data breach (GDPR Art. 33)\n\n\
             Reference: {id}\n\
             Controller or processor: {}\n\
             Known since: {}\n\
             To be told by: {}\n\
             Written: {}\n\
             {}\n\
             a) Nature of the breach\n{}\nKinds of data: {}\n{}\n\n\
             b) Contact for more information\n{}\n\n\
             c) Likely consequences\n{}\n\n\
             d) Measures taken or proposed\n{}\n",
            exercise(breach.drill),
            head.controller,
            rfc3339(breach.known),
            rfc3339(Breach::due(&breach)),
            rfc3339(self.now()),
            delay.unwrap_or_default(),
            breach.what.expose(),
            kinds(&breach.categories),
            concerned.join("\n"),
            head.contact,
            breach.consequences.expose(),
            breach.measures.expose()
        ))
    }

    /// Every exposure, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn breaches(&self, desk: &Scope) -> Result<Vec<BreachView>, AppError> {
        let permit = self.keep::<Find>(desk).await?;
        let all = self
            .store
            .register::<Breach>(&permit, &[], None, 10_000)
            .await?;
        Ok(all.into_iter().map(view).collect())
    }

    /// One exposure.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn breach_view(&self, desk: &Scope, id: BreachId) -> Result<BreachView, AppError> {
        Ok(view(self.breach(desk, id).await?))
    }

    /// What a customer was told of exposures of its interactions, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn breach_notices(&self, scope: &Scope) -> Result<Vec<BreachNotice>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let all = self
            .store
            .register::<BreachNotice>(&permit, &[], None, 1_000)
            .await?;
        Ok(all.into_iter().map(|filed| filed.body).collect())
    }

    /// Interactions concerned and the persons in them, each counted once an interaction.
    async fn counted(
        &self,
        tenant: TenantId,
        named: &BTreeSet<InteractionId>,
    ) -> Result<(u64, u64), AppError> {
        if named.is_empty() {
            return Ok(self.store.records_and_persons(tenant).await?);
        }
        let (mut records, mut persons) = (0, 0);
        for id in named {
            if let Some(facts) = self.store.facts(tenant, *id).await? {
                records += 1;
                persons += u64::from(facts.subjects);
            }
        }
        Ok((records, persons))
    }

    async fn breach(&self, desk: &Scope, id: BreachId) -> Result<Filed<Breach>, AppError> {
        let permit = self.keep::<Read>(desk).await?;
        Ok(self.store.filed(&permit, id).await?)
    }
}

fn view(filed: Filed<Breach>) -> BreachView {
    BreachView {
        id: filed.id,
        state: filed.body.state(),
        filed: filed.filed,
        breach: filed.body,
    }
}

const fn exercise(drill: bool) -> &'static str {
    if drill {
        "EXERCISE - nobody's data was exposed\n\n"
    } else {
        ""
    }
}

fn kinds(categories: &BTreeSet<DataCategory>) -> String {
    let keys: Vec<&str> = categories.iter().map(|one| one.key()).collect();
    keys.join(", ")
}

/// Customers with their interactions, in a record.
mod concerned {
    use super::{BTreeMap, BTreeSet, InteractionId, TenantId};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    type Concerned = BTreeMap<TenantId, BTreeSet<InteractionId>>;

    pub(super) fn serialize<S: Serializer>(value: &Concerned, to: S) -> Result<S::Ok, S::Error> {
        let texts: BTreeMap<String, Vec<String>> = value
            .iter()
            .map(|(tenant, ids)| {
                let ids = ids.iter().map(ToString::to_string).collect();
                (tenant.to_string(), ids)
            })
            .collect();
        texts.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Concerned, D::Error> {
        let texts = BTreeMap::<String, Vec<String>>::deserialize(from)?;
        texts
            .into_iter()
            .map(|(tenant, ids)| {
                let ids = ids.iter().map(|id| id.parse().map_err(D::Error::custom));
                let tenant = tenant.parse().map_err(D::Error::custom)?;
                Ok((tenant, ids.collect::<Result<_, D::Error>>()?))
            })
            .collect()
    }
}
