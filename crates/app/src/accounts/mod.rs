//! People who sign in: invited by an owner or at the command line, let in by a password and, where
//! they set one up, a one-time code. What they may do afterwards is the policy's to say, by role.

mod password;
mod reading;
mod single;
mod totp;

use domain::{MailAddress, Millis, Secret, TenantId, TenantRole, Timestamp, UserId};
use store::{
    Account, Credentials, Holder, Invite, NewAccount, SignIn, SignInOutcome, Standing, Throttle,
};

use crate::access::Caller;
use crate::app::App;
use crate::error::AppError;

pub use single::{Arrival, Departure, NewSingleSignOn, NotIn, Return, Unfit};

/// A session ends after this long without a request,
const IDLE: Millis = Millis(30 * 60 * 1_000);
/// and in any case after this long.
const LONGEST: Millis = Millis(12 * 60 * 60 * 1_000);
/// An invitation opens for so long.
const INVITED: Millis = Millis(72 * 60 * 60 * 1_000);
/// Wrong attempts that cost no waiting.
const FREE_TRIES: u32 = 4;
/// Waiting after the first wrong attempt beyond those; doubled with each further one,
const FIRST_WAIT: u64 = 15_000;
/// up to this.
const LONGEST_WAIT: u64 = 15 * 60 * 1_000;
/// Attempts shown.
const HISTORY: u64 = 30;

/// What somebody shows at the door.
#[derive(Debug, Clone)]
pub struct Entrant {
    /// Address of the account.
    pub mail: MailAddress,
    /// Its password.
    pub password: Secret,
    /// A one-time code, where the account asks for one.
    pub code: String,
}

/// What the door answers.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Come in, with a session's token.
    In(Secret),
    /// The account asks for a one-time code and got none.
    CodeWanted,
    /// Wrong, unknown, invited only or locked: which one is not said.
    No,
    /// Right, but the owner lets people in by the organisation's identity provider only.
    BySingleSignOn,
    /// Not looked at; try again after so long.
    Later(Millis),
}

/// A person to be invited.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Whose.
    pub tenant: TenantId,
    /// Signs in with it.
    pub mail: MailAddress,
    /// How colleagues know the person.
    pub name: Secret,
    /// What the person is there to do.
    pub role: TenantRole,
}

impl App {
    /// Looks at what somebody shows. Every attempt on an account is in its history; wrong ones
    /// make the next wait longer.
    ///
    /// # Errors
    /// [`AppError::Store`]; a wrong password is an [`Answer`].
    pub async fn sign_in(&self, shown: &Entrant) -> Result<Answer, AppError> {
        let Some(account) = self.store.account_by_mail(&shown.mail).await? else {
            let password = shown.password.clone();
            self.hashing(move || password::pretend(&password)).await?;
            return Ok(Answer::No);
        };
        let now = self.now();
        if account.throttle.shut_until > now {
            self.note(&account, SignInOutcome::Throttled, account.throttle, 0)
                .await?;
            return Ok(Answer::Later(account.throttle.shut_until.since(now)));
        }
        let kept = self.store.credentials(account.tenant, account.id).await?;
        if !self.fits(shown, kept.as_ref()).await? {
            return self.wrong(&account, SignInOutcome::WrongPassword).await;
        }
        if account.standing != Standing::Active {
            return Ok(Answer::No);
        }
        let mut step = 0;
        if let Some(key) = kept.and_then(|kept| kept.totp) {
            if shown.code.trim().is_empty() {
                return Ok(Answer::CodeWanted);
            }
            match totp::step_of(&key, &shown.code, now, account.totp_step) {
                Some(right) => step = right,
                None => return self.wrong(&account, SignInOutcome::WrongCode).await,
            }
        }
        if account.role != first_role(account.tenant) {
            let provider = self.store.single_sign_on(account.tenant).await?;
            if provider.is_some_and(|provider| provider.only) {
                return Ok(Answer::BySingleSignOn);
            }
        }
        self.note(&account, SignInOutcome::Right, Throttle::NONE, step)
            .await?;
        let token = self
            .open_session(account.tenant, Holder::User(account.id))
            .await?;
        Ok(Answer::In(token))
    }

    /// Begins a session for whoever shows a valid API key.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn sign_in_by_key(&self, shown: &Secret) -> Result<Option<Secret>, AppError> {
        let Some(key) = self.store.api_key_by_token(shown).await? else {
            return Ok(None);
        };
        let token = self.open_session(key.tenant, Holder::Key(key.id)).await?;
        Ok(Some(token))
    }

    /// Begins a session for somebody at this machine who was let in as `role`.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn sign_in_as_guest(
        &self,
        tenant: TenantId,
        role: TenantRole,
    ) -> Result<Secret, AppError> {
        self.open_session(tenant, Holder::Guest(role)).await
    }

    /// Who holds a session, as of now: a locked person or a revoked key comes no further.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn session_caller(&self, token: &Secret) -> Result<Option<Caller>, AppError> {
        let Some(session) = self.store.session(token, IDLE, LONGEST).await? else {
            return Ok(None);
        };
        match session.holder {
            Holder::User(id) => {
                let account = self.store.account(session.tenant, id).await?;
                match account.filter(|account| account.standing == Standing::Active) {
                    Some(account) => Ok(Some(self.person(&account).await?)),
                    None => Ok(None),
                }
            }
            Holder::Key(id) => {
                let keys = self.store.api_keys(session.tenant).await?;
                let key = keys
                    .into_iter()
                    .find(|key| key.id == id && key.revoked.is_none());
                Ok(key.map(Caller::of_key))
            }
            Holder::Guest(role) => Ok(Some(self.local_caller(session.tenant, role))),
        }
    }

    /// Ends one session.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn sign_out(&self, token: &Secret) -> Result<(), AppError> {
        Ok(self.store.end_session(token).await?)
    }

    /// Ends all of a person's sessions, this one too, and says how many there were.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn sign_out_everywhere(
        &self,
        tenant: TenantId,
        user: UserId,
    ) -> Result<u64, AppError> {
        Ok(self
            .store
            .end_sessions_of(tenant, Holder::User(user))
            .await?)
    }

    /// Invites a person; the code lets them choose a password and is shown once. `by` is the
    /// handle of who invites: the ledger knows nobody by name.
    ///
    /// # Errors
    /// [`AppError::Store`] where the address has an account here.
    pub async fn invite(
        &self,
        person: &Invitation,
        by: &str,
    ) -> Result<(UserId, Secret), AppError> {
        if person.name.expose().trim().is_empty() || person.name.expose().len() > 120 {
            return Err(AppError::Input(
                "a person needs a name of 1 to 120 characters".to_owned(),
            ));
        }
        check_role(person.tenant, person.role)?;
        let new = NewAccount {
            tenant: person.tenant,
            mail: person.mail.clone(),
            name: person.name.clone(),
            role: person.role,
        };
        let invite = self.new_invite()?;
        let id = self.store.add_account(&new, &invite, by).await?;
        Ok((id, invite.code))
    }

    /// Whether a person who is yet to be made could choose a password.
    ///
    /// # Errors
    /// [`AppError::Input`] saying what to change.
    pub fn check_password(&self, person: &Invitation, wanted: &Secret) -> Result<(), AppError> {
        password::acceptable(wanted, &[person.mail.expose(), person.name.expose()])
    }

    /// A new code for somebody who lost password or authenticator. What opened the door before is
    /// no longer good once the code was used; open sessions end at once.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn reset(
        &self,
        tenant: TenantId,
        user: UserId,
        by: &str,
    ) -> Result<Secret, AppError> {
        let invite = self.new_invite()?;
        self.store.invite_again(tenant, user, &invite, by).await?;
        self.sign_out_everywhere(tenant, user).await?;
        Ok(invite.code)
    }

    /// Uses an invitation's code up: sets the password, begins a session.
    ///
    /// # Errors
    /// [`AppError::Input`] for a weak password; an unknown code is `None`.
    pub async fn join(&self, code: &Secret, password: &Secret) -> Result<Option<Secret>, AppError> {
        let code = Secret::new(code.expose().trim().to_lowercase());
        let Some(account) = self.store.account_by_invite(&code).await? else {
            return Ok(None);
        };
        let hash = self.acceptable_hash(&account, password).await?;
        let credentials = Credentials {
            password: hash,
            totp: None,
        };
        self.store
            .set_credentials(account.tenant, account.id, &credentials)
            .await?;
        self.sign_out_everywhere(account.tenant, account.id).await?;
        self.note(&account, SignInOutcome::Right, Throttle::NONE, 0)
            .await?;
        let holder = Holder::User(account.id);
        Ok(Some(self.open_session(account.tenant, holder).await?))
    }

    /// Changes a person's password; their other sessions end.
    ///
    /// # Errors
    /// [`AppError::Input`] where the present one is wrong or the new one weak.
    pub async fn change_password(
        &self,
        account: &Account,
        present: &Secret,
        wanted: &Secret,
    ) -> Result<Secret, AppError> {
        let kept = self.right_credentials(account, present).await?;
        let password = self.acceptable_hash(account, wanted).await?;
        let credentials = Credentials { password, ..kept };
        self.store
            .set_credentials(account.tenant, account.id, &credentials)
            .await?;
        self.sign_out_everywhere(account.tenant, account.id).await?;
        self.open_session(account.tenant, Holder::User(account.id))
            .await
    }

    /// A key for an authenticator program, to be confirmed by [`App::turn_codes_on`].
    ///
    /// # Errors
    /// [`AppError::Chance`].
    pub fn new_codes_key(&self) -> Result<Secret, AppError> {
        totp::new_key(&*self.chance)
    }

    /// Asks for one-time codes from now on, once a code shows that the program has the key.
    ///
    /// # Errors
    /// [`AppError::Input`] where password or code is wrong.
    pub async fn turn_codes_on(
        &self,
        account: &Account,
        present: &Secret,
        key: &Secret,
        code: &str,
    ) -> Result<(), AppError> {
        if totp::step_of(key, code, self.now(), 0).is_none() {
            return Err(AppError::Input(
                "the code does not fit the key; check the clock of the device".to_owned(),
            ));
        }
        let kept = self.right_credentials(account, present).await?;
        let credentials = Credentials {
            totp: Some(key.clone()),
            ..kept
        };
        Ok(self
            .store
            .set_credentials(account.tenant, account.id, &credentials)
            .await?)
    }

    /// Asks for one-time codes no longer.
    ///
    /// # Errors
    /// [`AppError::Input`] where the password is wrong.
    pub async fn turn_codes_off(
        &self,
        account: &Account,
        present: &Secret,
    ) -> Result<(), AppError> {
        let kept = self.right_credentials(account, present).await?;
        let credentials = Credentials { totp: None, ..kept };
        Ok(self
            .store
            .set_credentials(account.tenant, account.id, &credentials)
            .await?)
    }

    /// Whether a person's sign-in asks for one-time codes.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn asks_for_codes(&self, account: &Account) -> Result<bool, AppError> {
        let kept = self.store.credentials(account.tenant, account.id).await?;
        Ok(kept.is_some_and(|kept| kept.totp.is_some()))
    }

    /// A person reports an attempt as not theirs: the account is locked and signed out
    /// everywhere until an owner resets it.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn report_and_lock(&self, account: &Account) -> Result<(), AppError> {
        self.note(account, SignInOutcome::Reported, account.throttle, 0)
            .await?;
        self.store
            .set_standing(
                account.tenant,
                account.id,
                account.role,
                true,
                &account.id.to_string(),
            )
            .await?;
        self.sign_out_everywhere(account.tenant, account.id).await?;
        Ok(())
    }

    /// Gives a person another role, or locks or unlocks them; their sessions end.
    ///
    /// # Errors
    /// [`AppError::Input`] where nobody would be left who can invite.
    pub async fn set_person(
        &self,
        tenant: TenantId,
        user: UserId,
        role: TenantRole,
        locked: bool,
        by: &str,
    ) -> Result<(), AppError> {
        check_role(tenant, role)?;
        let keeps = first_role(tenant);
        let people = self.store.accounts(tenant).await?;
        let others = people
            .iter()
            .any(|one| one.id != user && one.role == keeps && one.standing == Standing::Active);
        if !others && (role != keeps || locked) {
            let who = match keeps {
                TenantRole::Owner => "owner",
                _ => "person of the privacy desk",
            };
            return Err(AppError::Input(format!(
                "this is the last {who} who can sign in; let somebody else in first"
            )));
        }
        self.store
            .set_standing(tenant, user, role, locked, by)
            .await?;
        self.sign_out_everywhere(tenant, user).await?;
        Ok(())
    }

    /// A tenant's people.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn people(&self, tenant: TenantId) -> Result<Vec<Account>, AppError> {
        Ok(self.store.accounts(tenant).await?)
    }

    /// One person of a tenant.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn person_of(&self, tenant: TenantId, user: UserId) -> Result<Account, AppError> {
        let found = self.store.account(tenant, user).await?;
        found.ok_or_else(|| AppError::NotFound {
            what: "person",
            name: user.to_string(),
        })
    }

    /// The account of an address.
    ///
    /// # Errors
    /// [`AppError::NotFound`], without the address.
    pub async fn person_by_mail(&self, mail: &MailAddress) -> Result<Account, AppError> {
        let found = self.store.account_by_mail(mail).await?;
        found.ok_or_else(|| AppError::NotFound {
            what: "account",
            name: "of this mail address".to_owned(),
        })
    }

    /// Whether a tenant still waits for its owner, or the operator's desk for its first person.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn is_unattended(&self, tenant: TenantId) -> Result<bool, AppError> {
        let first = [first_role(tenant)];
        Ok(!self.store.has_accounts(tenant, &first).await?)
    }

    /// A person's newest attempts to sign in.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn sign_in_history(&self, account: &Account) -> Result<Vec<SignIn>, AppError> {
        Ok(self
            .store
            .sign_ins(account.tenant, account.id, HISTORY)
            .await?)
    }

    async fn person(&self, account: &Account) -> Result<Caller, AppError> {
        let own = if account.role == TenantRole::Agent {
            let known_by = [account.mail.expose(), account.name.expose()];
            self.store.took_part(account.tenant, &known_by).await?
        } else {
            Vec::new()
        };
        Ok(Caller::of_person(account, own))
    }

    async fn open_session(&self, tenant: TenantId, holder: Holder) -> Result<Secret, AppError> {
        let token = self.token()?;
        self.store.open_session(&token, tenant, holder).await?;
        Ok(token)
    }

    fn new_invite(&self) -> Result<Invite, AppError> {
        let mut bytes = [0u8; 15];
        self.chance.fill(&mut bytes)?;
        Ok(Invite {
            code: Secret::new(hex::encode(bytes)),
            until: self.now().plus(INVITED),
        })
    }

    async fn wrong(&self, account: &Account, outcome: SignInOutcome) -> Result<Answer, AppError> {
        let failures = account.throttle.failures.saturating_add(1);
        let throttle = Throttle {
            failures,
            shut_until: self.now().plus(wait_after(failures)),
        };
        self.note(account, outcome, throttle, 0).await?;
        Ok(Answer::No)
    }

    async fn note(
        &self,
        account: &Account,
        outcome: SignInOutcome,
        throttle: Throttle,
        step: i64,
    ) -> Result<(), AppError> {
        Ok(self
            .store
            .note_sign_in(account, outcome, throttle, step)
            .await?)
    }

    async fn fits(&self, shown: &Entrant, kept: Option<&Credentials>) -> Result<bool, AppError> {
        let (password, kept) = (
            shown.password.clone(),
            kept.map(|kept| kept.password.clone()),
        );
        self.hashing(move || {
            kept.map_or_else(
                || {
                    password::pretend(&password);
                    false
                },
                |kept| password::fits(&password, &kept),
            )
        })
        .await
    }

    async fn right_credentials(
        &self,
        account: &Account,
        present: &Secret,
    ) -> Result<Credentials, AppError> {
        let kept = self.store.credentials(account.tenant, account.id).await?;
        let shown = Entrant {
            mail: account.mail.clone(),
            password: present.clone(),
            code: String::new(),
        };
        let fits = self.fits(&shown, kept.as_ref()).await?;
        kept.filter(|_| fits)
            .ok_or_else(|| AppError::Input("the present password is wrong".to_owned()))
    }

    async fn acceptable_hash(
        &self,
        account: &Account,
        password: &Secret,
    ) -> Result<Secret, AppError> {
        let tenant = self.store.tenant(account.tenant).await?;
        let tenant = tenant.map_or_else(String::new, |tenant| tenant.name);
        let about = [account.mail.expose(), account.name.expose(), &tenant];
        password::acceptable(password, &about)?;
        let (password, chance) = (password.clone(), self.chance.clone());
        self.hashing(move || password::hash(&password, &*chance))
            .await?
    }

    /// Hashing takes tens of milliseconds and 19 MiB on purpose; two at once at most.
    async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AppError> {
        let _turn = self
            .hashers
            .acquire()
            .await
            .map_err(|_| AppError::Stopped)?;
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| AppError::Stopped)
    }
}

/// The role of the first person: a tenant's owner; the operator's own desk has one role only.
#[must_use]
pub fn first_role(tenant: TenantId) -> TenantRole {
    if tenant == TenantId::INSTALLATION {
        TenantRole::PrivacyOfficer
    } else {
        TenantRole::Owner
    }
}

fn check_role(tenant: TenantId, role: TenantRole) -> Result<(), AppError> {
    if tenant == TenantId::INSTALLATION && role != TenantRole::PrivacyOfficer {
        return Err(AppError::Input(
            "the operator's privacy desk has no role but `privacy_officer`".to_owned(),
        ));
    }
    Ok(())
}

/// Waiting after so many wrong attempts.
fn wait_after(failures: u32) -> Millis {
    let beyond = failures.saturating_sub(FREE_TRIES);
    if beyond == 0 {
        return Millis::ZERO;
    }
    let doubled = FIRST_WAIT.saturating_mul(1u64 << (beyond - 1).min(20));
    Millis(doubled.min(LONGEST_WAIT))
}

/// `2026-10-05 09:12`, or a dash.
#[must_use]
pub fn seen_text(at: Option<Timestamp>) -> String {
    at.map_or_else(
        || "–".to_owned(),
        |at| {
            crate::reading::rfc3339(at)
                .chars()
                .take(16)
                .map(|c| if c == 'T' { ' ' } else { c })
                .collect()
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_has_an_end() {
        let waits: Vec<u64> = (1..=8).map(|n| wait_after(n).0).collect();
        assert_eq!(waits, [0, 0, 0, 0, 15_000, 30_000, 60_000, 120_000]);
        assert_eq!(wait_after(u32::MAX).0, LONGEST_WAIT);
    }
}
