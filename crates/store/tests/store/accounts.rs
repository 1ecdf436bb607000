//! People, their sessions and their attempts; on both engines.

use domain::{Clock, MailAddress, Millis, Secret, TenantRole, Timestamp, UserId};
use store::{
    Credentials, Holder, Invite, NewAccount, SignInOutcome, Standing, StoreError, TakeIn, Throttle,
};

use crate::on_every_engine;
use crate::world::{World, chat, new_tenant};

on_every_engine! {
    an_invited_person_chooses_a_password_once,
    a_session_ends_when_idle_when_long_and_everywhere_at_once,
    attempts_are_kept_with_what_follows_from_them,
    an_agent_finds_their_own_interactions_by_name,
}

const HOUR: Millis = Millis(3_600_000);

fn mail(text: &str) -> MailAddress {
    text.parse().unwrap()
}

fn invite(code: &str, until: Timestamp) -> Invite {
    Invite {
        code: Secret::new(code),
        until,
    }
}

async fn person(world: &World, address: &str) -> UserId {
    let new = NewAccount {
        tenant: world.tenant.id,
        mail: mail(address),
        name: Secret::new("Zaphodine Beeble"),
        role: TenantRole::Analyst,
    };
    let code = invite("a-code", Timestamp(i64::MAX));
    world.store.add_account(&new, &code, "test").await.unwrap()
}

async fn an_invited_person_chooses_a_password_once(world: World) {
    let id = person(&world, "Z@example.org").await;
    let tenant = world.tenant.id;
    let found = world.store.account_by_mail(&mail("z@EXAMPLE.org")).await;
    let found = found.unwrap().unwrap();
    assert_eq!((found.id, found.standing), (id, Standing::Invited));
    assert!(
        !world
            .store
            .has_accounts(tenant, &[TenantRole::Owner])
            .await
            .unwrap()
    );
    let owner = NewAccount {
        tenant,
        mail: mail("o@example.org"),
        name: Secret::new("Olive Owner"),
        role: TenantRole::Owner,
    };
    let code = invite("an owner's code", Timestamp(i64::MAX));
    world
        .store
        .add_account(&owner, &code, "test")
        .await
        .unwrap();
    assert!(
        world
            .store
            .has_accounts(tenant, &[TenantRole::Owner])
            .await
            .unwrap()
    );

    let other = world.store.add_tenant(&new_tenant("other")).await.unwrap();
    assert!(!world.store.has_accounts(other.id, &[]).await.unwrap());
    assert!(world.store.account(other.id, id).await.unwrap().is_none());
    let twice = NewAccount {
        tenant: other.id,
        mail: mail("z@example.org"),
        name: Secret::new("Z"),
        role: TenantRole::Owner,
    };
    let refused = world
        .store
        .add_account(&twice, &invite("b", Timestamp(i64::MAX)), "test")
        .await;
    assert!(
        matches!(refused, Err(StoreError::Taken { .. })),
        "one address, one account"
    );

    let code = Secret::new("a-code");
    let invited = world.store.account_by_invite(&code).await.unwrap().unwrap();
    assert_eq!(invited.id, id);
    let chosen = Credentials {
        password: Secret::new("hash"),
        totp: Some(Secret::new("key")),
    };
    world
        .store
        .set_credentials(tenant, id, &chosen)
        .await
        .unwrap();
    assert!(
        world
            .store
            .account_by_invite(&code)
            .await
            .unwrap()
            .is_none()
    );
    let kept = world.store.credentials(tenant, id).await.unwrap().unwrap();
    assert_eq!(kept.totp.unwrap().expose(), "key");

    let late = invite("late", Timestamp(1));
    world
        .store
        .invite_again(tenant, id, &late, "test")
        .await
        .unwrap();
    assert!(
        world
            .store
            .account_by_invite(&late.code)
            .await
            .unwrap()
            .is_none()
    );
    world
        .store
        .set_standing(tenant, id, TenantRole::Coach, true, "test")
        .await
        .unwrap();
    let found = world.store.account(tenant, id).await.unwrap().unwrap();
    assert_eq!(
        (found.role, found.standing),
        (TenantRole::Coach, Standing::Locked)
    );
    // Each of it is a leaf of the tenant's own, by ids alone.
    let lines = world.store.ledger_entries(tenant, 50).await.unwrap();
    let acts: Vec<String> = lines
        .iter()
        .rev()
        .filter_map(|line| line.entry.as_ref())
        .filter(|entry| entry.resource == Some(id.to_string()))
        .map(|entry| format!("{} by {}", entry.action, entry.actor))
        .collect();
    assert_eq!(
        acts,
        [
            "invite by test".to_owned(),
            format!("credentials by {id}"),
            "invite_again by test".to_owned(),
            "lock by test".to_owned(),
        ]
    );
}

async fn a_session_ends_when_idle_when_long_and_everywhere_at_once(world: World) {
    let id = person(&world, "z@example.org").await;
    let (tenant, holder) = (world.tenant.id, Holder::User(id));
    let open = async |token: &str| {
        let token = Secret::new(token);
        world
            .store
            .open_session(&token, tenant, holder)
            .await
            .unwrap();
        token
    };
    let find = async |token: &Secret| {
        let found = world
            .store
            .session(token, Millis(HOUR.0 / 2), Millis(HOUR.0 * 2));
        found.await.unwrap()
    };
    let one = open("one").await;
    assert_eq!(find(&one).await.unwrap().holder, holder);
    assert!(find(&Secret::new("other")).await.is_none());
    for _ in 0..4 {
        world.clock.forward(Millis(HOUR.0 / 3));
        assert!(find(&one).await.is_some(), "in use");
    }
    world.clock.forward(Millis(HOUR.0 / 2));
    assert!(find(&one).await.is_none(), "idle");

    let long = open("long").await;
    for _ in 0..5 {
        world.clock.forward(Millis(HOUR.0 / 3));
        assert!(find(&long).await.is_some());
    }
    world.clock.forward(Millis(HOUR.0 / 3));
    assert!(find(&long).await.is_none(), "too long");

    let (two, three) = (open("two").await, open("three").await);
    assert_eq!(
        world.store.end_sessions_of(tenant, holder).await.unwrap(),
        2
    );
    assert!(find(&two).await.is_none() && find(&three).await.is_none());
}

async fn attempts_are_kept_with_what_follows_from_them(world: World) {
    let id = person(&world, "z@example.org").await;
    let tenant = world.tenant.id;
    let account = world.store.account(tenant, id).await.unwrap().unwrap();
    let shut = Throttle {
        failures: 3,
        shut_until: Timestamp(77),
    };
    let wrong = SignInOutcome::WrongPassword;
    world
        .store
        .note_sign_in(&account, wrong, shut, 0)
        .await
        .unwrap();
    world.clock.forward(Millis(1));
    let after = world.store.account(tenant, id).await.unwrap().unwrap();
    assert_eq!((after.throttle, after.seen), (shut, None));
    let right = SignInOutcome::Right;
    world
        .store
        .note_sign_in(&account, right, Throttle::NONE, 9)
        .await
        .unwrap();
    world
        .store
        .note_sign_in(&account, right, Throttle::NONE, 8)
        .await
        .unwrap();
    let after = world.store.account(tenant, id).await.unwrap().unwrap();
    assert_eq!(after.throttle, Throttle::NONE);
    assert_eq!(after.totp_step, 9, "a step never goes back");
    assert!(after.seen.is_some());
    let history = world.store.sign_ins(tenant, id, 10).await.unwrap();
    let outcomes: Vec<SignInOutcome> = history.iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes, [right, right, wrong]);
}

async fn an_agent_finds_their_own_interactions_by_name(world: World) {
    let tenant = world.tenant.id;
    let mut named = chat(world.clock.now(), &["my parcel is late"]);
    named.parties[1].name = Some(Secret::new("Priya  Nair"));
    let TakeIn::Taken(id) = world.take(tenant, &named).await else {
        panic!("it is new");
    };
    let shouted = "PRIYA NAIR";
    let found = world.store.took_part(tenant, &[shouted]).await.unwrap();
    assert_eq!(found, [id]);
    assert!(
        world
            .store
            .took_part(tenant, &["Nobody"])
            .await
            .unwrap()
            .is_empty()
    );
    let other = world.store.add_tenant(&new_tenant("other")).await.unwrap();
    assert!(
        world
            .store
            .took_part(other.id, &[shouted])
            .await
            .unwrap()
            .is_empty()
    );
}
