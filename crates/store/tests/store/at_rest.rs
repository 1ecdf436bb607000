//! Nothing readable at rest: no byte of the data folder or the database holds what was planted.

use domain::{Clock, Content, Party, Role, Secret, SourceKey};

use crate::intake::walkdir;
use crate::on_every_engine;
use crate::world::{World, chat};

on_every_engine! {
    no_planted_word_name_or_number_is_readable_at_rest,
}

const PLANTED: [&str; 9] = [
    "Zaphodine",
    "Quillfeather",
    "4929420573595709",
    "zq@quillfeather.example",
    "+442079460123",
    "unrepeatable",
    "Blackwater Crescent",
    "ticket-77-abc",
    "Annabel",
];

async fn no_planted_word_name_or_number_is_readable_at_rest(world: World) {
    let tenant = world.tenant.id;
    let mut planted = chat(
        world.clock.now(),
        &["my card is 4929420573595709", "Blackwater Crescent"],
    );
    planted.subject = Some("Zaphodine Quillfeather complains".into());
    planted.source = Some(SourceKey::from_source("desk", "ticket-77-abc"));
    planted
        .metadata
        .insert("order".to_owned(), Secret::new("Blackwater Crescent"));
    planted.parties.push(Party {
        name: Some("Zaphodine Quillfeather".into()),
        tel: Some("+442079460123".into()),
        mailto: Some("zq@quillfeather.example".into()),
        ..Party::of_role(Role::ThirdParty)
    });
    let recording = crate::world::call(world.clock.now(), b"Zaphodine Quillfeather speaks");
    planted.dialogs.extend(recording.dialogs);
    assert!(matches!(
        planted.dialogs.last().unwrap().content,
        Content::Media(_)
    ));
    planted.channel = domain::Channel::Voice;
    world.take(tenant, &planted).await;
    world
        .process_all(&[
            "Zaphodine",
            "Quillfeather",
            "unrepeatable",
            "4929420573595709",
        ])
        .await;
    let key = store::NewApiKey {
        tenant,
        label: "Annabel".to_owned(),
        purposes: vec![domain::Purpose::Storage],
    };
    let (_, token) = world.store.add_api_key(&key, "test").await.unwrap();
    world.store.level_indexes().await.unwrap();
    let says = store::VersionText {
        name: "Quillfeather.Zaphodine".parse().unwrap(),
        text: Secret::new("query = 'unrepeatable'"),
        author: "somebody".to_owned(),
        reason: Secret::new("Annabel asked"),
    };
    let kind = domain::DefinitionKind::Category;
    let permit = world.find(tenant);
    world
        .store
        .save_definition(&permit, kind, &says)
        .await
        .unwrap();

    let mut needles: Vec<Vec<u8>> = PLANTED
        .iter()
        .map(|text| text.as_bytes().to_vec())
        .collect();
    needles.push(token.expose().as_bytes().to_vec());
    let mut haystacks: Vec<(String, Vec<u8>)> = walkdir(world.folder.path().to_owned())
        .into_iter()
        .map(|path| {
            let bytes = std::fs::read(&path).unwrap();
            (path, bytes)
        })
        .collect();
    haystacks.extend(dump(&world).await);
    let size: usize = haystacks.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(size > 100_000, "there is something to look through");
    for (place, bytes) in haystacks {
        for needle in &needles {
            let found = bytes
                .windows(needle.len())
                .any(|window| window.eq_ignore_ascii_case(needle));
            assert!(
                !found,
                "{} is readable in {place}",
                String::from_utf8_lossy(needle)
            );
        }
    }
}

/// Everything in a PostgreSQL database, as its own tool writes it out; SQLite is a file.
async fn dump(world: &World) -> Vec<(String, Vec<u8>)> {
    if world.config.database.starts_with("sqlite") {
        return Vec::new();
    }
    let dumped = tokio::process::Command::new("pg_dump")
        .arg("--enable-row-security")
        .arg("--dbname")
        .arg(world.superuser_url())
        .output()
        .await
        .unwrap();
    assert!(
        dumped.status.success(),
        "{}",
        String::from_utf8_lossy(&dumped.stderr)
    );
    vec![("the database".to_owned(), dumped.stdout)]
}
