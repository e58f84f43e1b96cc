//! What many calls make of one renewal that fails, or whose call is dropped, in each
//! interface that has something to renew.

use std::{sync::Arc, time::Duration};

use casewire::{
    Error, ErrorKind, Failure,
    callback::{self, Endpoints},
    contractor::{self, Auth},
    crpt,
};
use futures_util::future::BoxFuture;
use support::raw::{
    Play, Raw, Response,
    Step::{Body, Head, Meet, Send},
};
use tokio::{sync::Barrier, task::JoinSet, time::sleep};

use super::{
    calls::{CASE, SIGN_INS, organisation, participant},
    config,
};

/// How many calls wait for one renewal.
const MANY: usize = 50;

/// Makes a call; the kind of a failure and what it says.
type Call = Arc<dyn Fn() -> BoxFuture<'static, Result<(), (ErrorKind, String)>> + std::marker::Send + Sync>;

fn told<T, E: Failure>(result: Result<T, Error<E>>) -> Result<(), (ErrorKind, String)> {
    result.map(|_| ()).map_err(|e| {
        assert!(matches!(e, Error::Session(_)), "{e}");
        (e.kind(), format!("{e:#}"))
    })
}

/// A call of each interface that renews, what its error begins with when that is answered
/// 503, how many requests are made until then, and what one that is answered gets, as in
/// [`SIGN_INS`].
fn calls(raw: &Raw) -> [(Call, &'static str, usize, usize); 3] {
    let ivanov = contractor::Client::connect(config(raw), Auth::user("ivanov", "Passw0rd")).unwrap();
    let portal = crpt::Client::connect(config(raw), participant()).unwrap();
    let platform = callback::Client::connect(config(raw), organisation(), Endpoints::default()).unwrap();
    let user: Call = Arc::new(move || {
        let client = ivanov.clone();
        Box::pin(async move { told(client.get_self().send().await) })
    });
    let message: Call = Arc::new(move || {
        let client = portal.clone();
        Box::pin(
            async move { told(client.add_message().body_map(|body| body.number(CASE).message("да")).send().await) },
        )
    });
    let batch: Call = Arc::new(move || {
        let client = platform.clone();
        Box::pin(async move { told(client.fetch_applications().send().await) })
    });
    [
        // The password is tried after the service token.
        (user, "GET /user/self (getSelf): no session: POST /user/signin (signIn): the server responded with 503", 2, 1),
        (
            message,
            "POST /0/ssp/rest/PublicWebServices/message (addMessage): no session: \
             POST /ServiceModel/AuthService.svc/Login (login): the server responded with 503",
            1,
            2,
        ),
        (
            batch,
            "GET /api/v1/applications/ (fetchApplications): no session: POST /api/v1/auth/ (authenticate): \
             the server responded with 503",
            1,
            3,
        ),
    ]
}

/// What any of the calls takes.
fn good() -> Play {
    let body = r#"{"id":7,"ok":true,"data":"03c6a743","statusCode":200,"applications":[]}"#;
    Play::response(&Response::new(200, body).last())
}

fn unauthorized() -> Play {
    Play::response(&Response::new(401, "").last())
}

/// Lets everything that can go on go on. Everything happens on this thread, which comes
/// to a timer only when no task is ready.
async fn settle() {
    for _ in 0..50 {
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_failed_renewal_fails_all_that_wait_for_it() {
    let raw = Raw::start(SIGN_INS, good()).await;
    for (call, expect, requests, _) in calls(&raw) {
        raw.arm([], good());
        call().await.unwrap();

        raw.arm(vec![unauthorized(); MANY], good());
        let gate = Arc::new(Barrier::new(2));
        let busy = Send(Response::new(503, "").last().bytes());
        let plays = [Play::of([Meet(gate.clone()), busy.clone()]), Play::of([busy])];
        raw.arm_sign_ins(plays.into_iter().take(requests));
        let mut waiting = JoinSet::new();
        for _ in 0..MANY {
            waiting.spawn(call());
        }
        raw.until_received(MANY).await;
        settle().await;
        gate.wait().await;
        for outcome in waiting.join_all().await {
            let (kind, text) = outcome.unwrap_err();
            assert_eq!(kind, ErrorKind::Server);
            assert!(text.starts_with(expect), "{text}");
        }
        assert_eq!((raw.received().len(), raw.signed_in().len()), (MANY, requests), "{expect}");

        // The reason is not kept for those who come later.
        raw.arm([], good());
        call().await.unwrap();
        assert_eq!((raw.received().len(), raw.signed_in().len()), (1, 1), "{expect}");
    }
}

#[tokio::test]
async fn dropping_the_call_that_renews_harms_no_other() {
    let raw = Raw::start(SIGN_INS, good()).await;
    for (call, what, _, renewed) in calls(&raw) {
        raw.arm([], good());
        call().await.unwrap();

        // All of them are sent before the first is refused.
        let (first, others) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(MANY)));
        let refused = |when: &Arc<Barrier>| {
            Play::of([Head, Body, Meet(when.clone()), Send(Response::new(401, "").last().bytes())])
        };
        raw.arm([&first].into_iter().chain(vec![&others; MANY - 1]).map(refused), good());
        let gate = Arc::new(Barrier::new(2));
        let (_, renewed) = SIGN_INS[renewed];
        raw.arm_sign_ins([Play::of([Meet(gate.clone()), Send(renewed(99).last().bytes())])]);
        let renewing = tokio::spawn(call());
        raw.until_received(1).await;
        let mut waiting = JoinSet::new();
        for _ in 1..MANY {
            waiting.spawn(call());
        }
        raw.until_received(MANY).await;
        first.wait().await;
        raw.until_signed_in(1).await;
        others.wait().await;
        settle().await;
        renewing.abort();
        assert!(renewing.await.unwrap_err().is_cancelled());
        gate.wait().await;
        for outcome in waiting.join_all().await {
            outcome.unwrap();
        }
        // Each of the others was refused once and answered once, after the renewal that
        // goes on without its call.
        assert_eq!((raw.received().len(), raw.signed_in().len()), (MANY + MANY - 1, 1), "{what}");
    }
}
