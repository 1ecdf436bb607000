//! Danger to somebody, or a crime that can still be stopped: an authority may be helped without a
//! court's order, on the written reasons of two persons, and a third one looks at it afterwards.

use domain::{OrderId, Secret};
use policy::Scope;

use crate::app::App;
use crate::error::AppError;
use crate::orders::{LookedBack, Reason};

impl App {
    /// Approves what is asked for in an emergency, with the reasons in writing; two persons must.
    ///
    /// # Errors
    /// [`AppError::Input`] without reasons, before the review, for an order that is no emergency,
    /// or where the same person approves twice.
    pub async fn approve_emergency(
        &self,
        desk: &Scope,
        id: OrderId,
        reasons: &str,
    ) -> Result<(), AppError> {
        let by = desk.actor().handle.clone();
        if reasons.trim().is_empty() {
            return Err(AppError::Input(
                "write down what danger there is and why nothing less stops it (clause P39)"
                    .to_owned(),
            ));
        }
        self.change_order(desk, id, |order| {
            let said = |what: &str| Err(AppError::Input(what.to_owned()));
            if !order.is_emergency() {
                return said("this order is no emergency; approve it without reasons");
            }
            if order.review.is_none() {
                return said("review it first: even in danger only the least is handed over");
            }
            if !order.approvals.insert(by.clone()) {
                return said("you approved it already; a second person must (clause P39)");
            }
            order.reasons.push(Reason {
                by,
                text: Secret::new(reasons.trim()),
            });
            Ok(())
        })
        .await
    }

    /// Writes down what a third person found when they looked at it afterwards.
    ///
    /// # Errors
    /// [`AppError::Input`] without a finding, before anything was handed over, a second time, or by
    /// one of the two who approved.
    pub async fn look_back(
        &self,
        desk: &Scope,
        id: OrderId,
        justified: bool,
        finding: &str,
    ) -> Result<(), AppError> {
        let by = desk.actor().handle.clone();
        let at = self.now();
        self.change_order(desk, id, |order| {
            let said = |what: &str| Err(AppError::Input(what.to_owned()));
            if finding.trim().is_empty() {
                return said("write down what you found, and what follows from it");
            }
            if order.look_back_by().is_none() {
                return said("nothing here waits to be looked at again");
            }
            if order.approvals.contains(&by) {
                return said("somebody who did not approve it looks at it afterwards (clause P39)");
            }
            order.looked_back = Some(LookedBack {
                by,
                at,
                justified,
                finding: Secret::new(finding.trim()),
            });
            Ok(())
        })
        .await
    }
}
