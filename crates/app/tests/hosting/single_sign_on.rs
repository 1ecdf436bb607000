//! Coming in by an organisation's own identity provider, and everything that must not let in.

use std::collections::HashMap;

use app::{
    Answer, Arrival, Entrant, IntakeOrder, Invitation, NewSingleSignOn, NotIn, Return, TenantOrder,
    Unfit,
};
use domain::{Purpose, Secret, TenantRole, UserId};
use serde_json::{Value, json};

use crate::installation::{Engine, Installation, samples};
use crate::provider::{CLIENT, Provider, SECRET, pairs};

const BACK: &str = "http://127.0.0.1:8080/sign-in/back";
const PASSWORD: &str = "crumple-orbit-9-lantern";

fn settings(issuer: &str) -> NewSingleSignOn {
    NewSingleSignOn {
        issuer: issuer.to_owned(),
        client: CLIENT.to_owned(),
        secret: Some(Secret::new(SECRET)),
        label: "Acme".to_owned(),
        listed: false,
        only: false,
        claim: String::new(),
        roles: String::new(),
        domains: String::new(),
        domain_role: None,
    }
}

/// An installation with a tenant whose provider is set.
struct Place {
    home: Installation,
    provider: Provider,
}

/// A browser that was sent to the provider.
struct Away {
    query: HashMap<String, String>,
    browser: Secret,
}

impl Place {
    async fn new(engine: Engine) -> Self {
        let place = Self {
            home: Installation::new(engine).await,
            provider: Provider::start().await,
        };
        place.set(|_| {}).await;
        place
    }

    async fn set(&self, change: impl FnOnce(&mut NewSingleSignOn)) {
        let mut new = settings(&self.provider.issuer);
        change(&mut new);
        let app = &self.home.app;
        app.set_single_sign_on(self.home.tenant, &new, "test")
            .await
            .unwrap();
    }

    async fn invite(&self, mail: &str, role: TenantRole) -> (UserId, Secret) {
        let person = Invitation {
            tenant: self.home.tenant,
            mail: mail.parse().unwrap(),
            name: Secret::new("Zaphodine Beeble"),
            role,
        };
        self.home.app.invite(&person, "test").await.unwrap()
    }

    async fn away(&self) -> Away {
        let app = &self.home.app;
        let departure = app
            .begin_single_sign_on(&"acme".parse().unwrap(), BACK)
            .await
            .unwrap();
        let (there, query) = departure.to.expose().split_once('?').unwrap();
        assert_eq!(there, format!("{}/auth", self.provider.issuer));
        Away {
            query: pairs(query),
            browser: departure.browser,
        }
    }

    fn returning(away: &Away, code: &str) -> Return {
        Return {
            state: Secret::new(away.query["state"].as_str()),
            code: Some(Secret::new(code)),
            issuer: None,
            browser: Some(away.browser.clone()),
        }
    }

    async fn came(&self, back: &Return) -> Arrival {
        self.home.app.end_single_sign_on(back, BACK).await.unwrap()
    }

    /// Goes there and back with a token whose header and claims are altered.
    async fn with(&self, claims: Value, alter: impl FnOnce(&mut Value, &mut Value)) -> Arrival {
        let away = self.away().await;
        let code = self.provider.code(&away.query, &claims, alter);
        self.came(&Self::returning(&away, &code)).await
    }

    async fn let_in(&self, claims: Value) -> Secret {
        match self.with(claims, |_, _| {}).await {
            Arrival::In(token) => token,
            Arrival::No(why) => panic!("not let in: {why:?}"),
        }
    }

    async fn role(&self, token: &Secret) -> Option<TenantRole> {
        let caller = self.home.app.session_caller(token).await.unwrap();
        caller.and_then(|caller| caller.role())
    }
}

fn refused(arrival: &Arrival) -> NotIn {
    match arrival {
        Arrival::In(_) => panic!("somebody was let in"),
        Arrival::No(why) => *why,
    }
}

fn ada() -> Value {
    json!({ "sub": "u-1", "email": "Ada@acme.example", "email_verified": true, "name": "Ada" })
}

async fn invited_people_come_in(engine: Engine) {
    let place = Place::new(engine).await;
    let (id, _) = place.invite("ada@acme.example", TenantRole::Coach).await;
    let token = place.let_in(ada()).await;
    let caller = place
        .home
        .app
        .session_caller(&token)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (caller.user(), caller.role()),
        (Some(id), Some(TenantRole::Coach))
    );
    let out = place
        .home
        .app
        .farther_out(&token, "http://127.0.0.1:8080/sign-in")
        .await;
    let (label, there) = out.unwrap();
    assert!(
        label == "Acme"
            && there
                .expose()
                .starts_with(&format!("{}/out?", place.provider.issuer))
    );

    // From now on the person is known there, whatever their address; nobody else is them.
    let moved = json!({ "sub": "u-1", "email": "other@acme.example", "email_verified": true });
    place.let_in(moved).await;
    let same_mail = json!({ "sub": "u-2", "email": "ada@acme.example", "email_verified": true });
    assert_eq!(
        refused(&place.with(same_mail, |_, _| {}).await),
        NotIn::Another
    );

    // A key that was rotated in is known at once, one that was taken away signs nothing more.
    let away = place.away().await;
    let old = place.provider.code(&away.query, &ada(), |_, _| {});
    place.provider.rotate();
    place.let_in(ada()).await;
    let arrival = place.came(&Place::returning(&away, &old)).await;
    assert_eq!(refused(&arrival), NotIn::Unfit(Unfit::Signature));

    let app = &place.home.app;
    app.set_person(place.home.tenant, id, TenantRole::Coach, true, "test")
        .await
        .unwrap_err();
    place.invite("owner@acme.example", TenantRole::Owner).await;
    place
        .let_in(json!({ "sub": "boss", "email": "owner@acme.example", "email_verified": true }))
        .await;
    app.set_person(place.home.tenant, id, TenantRole::Coach, true, "test")
        .await
        .unwrap();
    assert!(place.role(&token).await.is_none());
    assert_eq!(refused(&place.with(ada(), |_, _| {}).await), NotIn::Locked);
    // Something to read through beside the database.
    let scope = app.local_scope(place.home.tenant, TenantRole::Analyst, Purpose::Storage);
    for file in std::fs::read_dir(samples()).unwrap() {
        let file = file.unwrap().path();
        if file.is_file() {
            let order = IntakeOrder::default();
            app.take_in_file(&scope, &file, &order).await.unwrap();
        }
    }
    place
        .home
        .assert_unreadable(&["ada@acme.example", SECRET, "u-1\"", &place.provider.issuer])
        .await;
}

/// Changes a token's head and claims.
type Alters = fn(&mut Value, &mut Value);

#[tokio::test]
async fn an_invited_person_comes_in_by_the_provider_embedded() {
    invited_people_come_in(Engine::Embedded).await;
}

#[tokio::test]
async fn an_invited_person_comes_in_by_the_provider_on_postgresql() {
    invited_people_come_in(Engine::PostgreSql).await;
}

async fn others_do_not(engine: Engine) {
    let place = Place::new(engine).await;
    place.invite("ada@acme.example", TenantRole::Analyst).await;
    let altered: [(&str, Alters, NotIn); 7] = [
        (
            "nonce",
            |_, all| all["nonce"] = json!("another"),
            NotIn::Unfit(Unfit::Nonce),
        ),
        (
            "audience",
            |_, all| all["aud"] = json!("another"),
            NotIn::Unfit(Unfit::Audience),
        ),
        (
            "issuer",
            |_, all| all["iss"] = json!("https://evil.example"),
            NotIn::Unfit(Unfit::Issuer),
        ),
        (
            "time",
            |_, all| all["exp"] = json!(1_000_000),
            NotIn::Unfit(Unfit::Time),
        ),
        (
            "no signature",
            |header, _| header["alg"] = json!("none"),
            NotIn::Unfit(Unfit::Algorithm),
        ),
        (
            "unconfirmed address",
            |_, all| all["email_verified"] = json!(false),
            NotIn::NoMail,
        ),
        (
            "unknown address",
            |_, all| all["email"] = json!("eve@acme.example"),
            NotIn::Unknown,
        ),
    ];
    for (what, alter, why) in altered {
        assert_eq!(refused(&place.with(ada(), alter).await), why, "{what}");
    }

    // A state works once, in the browser that began, with the provider that was asked.
    let away = place.away().await;
    let code = place.provider.code(&away.query, &ada(), |_, _| {});
    let back = Place::returning(&away, &code);
    let elsewhere = Return {
        browser: Some(Secret::new("another")),
        ..back.clone()
    };
    assert_eq!(refused(&place.came(&elsewhere).await), NotIn::NotUnderWay);
    assert_eq!(refused(&place.came(&back).await), NotIn::NotUnderWay);
    let away = place.away().await;
    let code = place.provider.code(&away.query, &ada(), |_, _| {});
    let back = Place::returning(&away, &code);
    assert!(matches!(place.came(&back).await, Arrival::In(_)));
    assert_eq!(refused(&place.came(&back).await), NotIn::NotUnderWay);
    let away = place.away().await;
    let code = place.provider.code(&away.query, &ada(), |_, _| {});
    let mixed = Return {
        issuer: Some("https://evil.example".to_owned()),
        ..Place::returning(&away, &code)
    };
    assert_eq!(refused(&place.came(&mixed).await), NotIn::NotTheirs);
    let away = place.away().await;
    let stolen = Place::returning(&away, &code);
    assert_eq!(
        refused(&place.came(&stolen).await),
        NotIn::NotTheirs,
        "PKCE"
    );
    let away = place.away().await;
    let denied = Return {
        code: None,
        ..Place::returning(&away, "")
    };
    assert_eq!(refused(&place.came(&denied).await), NotIn::Refused);
    let nothing = Return {
        state: Secret::new("made-up"),
        ..denied
    };
    assert_eq!(refused(&place.came(&nothing).await), NotIn::NotUnderWay);
}

#[tokio::test]
async fn nobody_else_is_let_in_embedded() {
    others_do_not(Engine::Embedded).await;
}

#[tokio::test]
async fn nobody_else_is_let_in_on_postgresql() {
    others_do_not(Engine::PostgreSql).await;
}

#[tokio::test]
async fn another_organisations_account_is_not_opened() {
    for engine in Engine::BOTH {
        let place = Place::new(engine).await;
        let order = TenantOrder {
            slug: "other".parse().unwrap(),
            name: "Other".to_owned(),
            instruction: "order 2".to_owned(),
            basis: "contract".to_owned(),
            without: Vec::new(),
        };
        let other = place.home.app.add_tenant(&order).await.unwrap();
        let person = Invitation {
            tenant: other.id,
            mail: "ada@acme.example".parse().unwrap(),
            name: Secret::new("Ada"),
            role: TenantRole::Owner,
        };
        place.home.app.invite(&person, "test").await.unwrap();
        place
            .set(|new| {
                new.domains = "acme.example".to_owned();
                new.domain_role = Some(TenantRole::Analyst);
            })
            .await;
        assert_eq!(refused(&place.with(ada(), |_, _| {}).await), NotIn::Unknown);
    }
}

#[tokio::test]
async fn a_domain_and_a_claim_give_roles_as_the_owner_set_them() {
    for engine in Engine::BOTH {
        let place = Place::new(engine).await;
        place
            .set(|new| {
                new.domains = "acme.example".to_owned();
                new.domain_role = Some(TenantRole::Agent);
                new.claim = "groups".to_owned();
                new.roles = "leads = coach\nqa = analyst".to_owned();
                new.only = true;
            })
            .await;
        let token = place.let_in(ada()).await;
        assert_eq!(place.role(&token).await, Some(TenantRole::Agent));
        let mut promoted = ada();
        promoted["groups"] = json!(["qa", "everybody"]);
        let fresh = place.let_in(promoted).await;
        assert_eq!(place.role(&fresh).await, Some(TenantRole::Analyst));
        assert!(
            place.role(&token).await.is_none(),
            "the session of the earlier role ended"
        );
        let stranger = json!({ "sub": "u-9", "email": "eve@evil.example", "email_verified": true });
        assert_eq!(
            refused(&place.with(stranger, |_, _| {}).await),
            NotIn::Unknown
        );

        // Passwords are for owners only.
        let app = &place.home.app;
        for (mail, role) in [
            ("o@acme.example", TenantRole::Owner),
            ("p@acme.example", TenantRole::Coach),
        ] {
            let (_, code) = place.invite(mail, role).await;
            app.join(&code, &Secret::new(PASSWORD))
                .await
                .unwrap()
                .unwrap();
            let shown = Entrant {
                mail: mail.parse().unwrap(),
                password: Secret::new(PASSWORD),
                code: String::new(),
            };
            let answer = app.sign_in(&shown).await.unwrap();
            let fits = match role {
                TenantRole::Owner => matches!(answer, Answer::In(_)),
                _ => matches!(answer, Answer::BySingleSignOn),
            };
            assert!(fits, "{mail}");
        }
    }
}
