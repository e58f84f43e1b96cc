//! The life of a call for both roles, and the feeds in which the external system sees it.

use casewire::{
    contractor::types::{CallStatus, CallTaskStatus},
    jiff::Timestamp,
};
use casewire_sandbox::contractor as model;

use crate::life::common::{Staged, refused};
use crate::life::contractor::stage::{CALL, CLOSED_CALL, Stage, call_input};

/// Where the sandbox's clock starts, in minutes from then.
fn at(minutes: i64) -> Option<Timestamp> {
    let start: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    start.checked_add(casewire::jiff::SignedDuration::from_mins(minutes)).ok()
}

fn moment(value: Option<casewire::DateTime>) -> Option<Timestamp> {
    value.and_then(|value| value.timestamp())
}

/// The clock moves on between the stages.
fn later(stage: &Stage, minutes: i64) {
    stage.sandbox.state(|state| state.clock.set(at(minutes).unwrap()));
}

#[tokio::test]
async fn from_creation_to_closed() {
    let stage = Stage::start().await;
    let (desk, ivanov) = (&stage.desk, &stage.ivanov);

    // Created by the external system.
    let created = desk.create_call().body(call_input(|_| {})).send().await.unwrap();
    let id = created.id.unwrap();
    let tasks: Vec<i64> = created.tasks.iter().filter_map(|task| task.id).collect();
    assert_eq!((id, created.number.as_deref()), (683_914, Some("C-683914")));
    assert_eq!(tasks, [91_003, 91_004]);
    assert_eq!(moment(created.created), at(-45));
    let call = desk.get_call().id(id).send().await.unwrap();
    assert_eq!((call.status.clone(), call.user_id, call.critical), (Some(CallStatus::New), Some(7), Some(true)));
    assert_eq!((moment(call.commited), moment(call.finished)), (None, None));
    assert_eq!(call.client_name.as_deref(), Some("ООО «Ромашка»"));
    assert_eq!(call.service_object_latitude, Some(55.7793));
    let items: Vec<_> = call.available_expenditure_items.iter().map(|item| item.name.clone().unwrap()).collect();
    assert_eq!(items, ["Проезд", "Доставка"]);
    assert!(call.tasks.iter().all(|task| task.status == Some(CallTaskStatus::New) && task.result.is_none()));

    // A new deadline; the other one stays.
    desk.update_call().id(id).body_map(|b| b.tto(at(180))).send().await.unwrap();
    let call = desk.get_call().id(id).send().await.unwrap();
    assert_eq!((moment(call.tto), moment(call.ttf)), (at(180), at(33 * 60)));

    // Accepted by its owner.
    later(&stage, 5);
    let accept = ivanov.set_call_status().id(id);
    let accepted = accept
        .body_map(|b| b.status(CallStatus::Committed).comments("Принято в работу".to_owned()))
        .send()
        .await
        .unwrap();
    assert_eq!((moment(accepted.commited), moment(accepted.finished)), (at(5), None));
    let call = desk.get_call().id(id).send().await.unwrap();
    assert_eq!(
        (call.status.clone(), call.comments.as_deref()),
        (Some(CallStatus::Committed), Some("Принято в работу"))
    );

    // Messages both ways.
    let text = "Выезжаю, буду к 11:00".to_owned();
    let written = ivanov.add_user_message().id(id).body_map(|b| b.message(text)).send().await.unwrap();
    assert_eq!(written.owner.as_ref().and_then(|owner| owner.name.as_deref()), Some("ivanov"));
    assert_eq!(written.call.as_ref().and_then(|call| call.id), Some(id));
    let response = desk
        .add_dispatcher_message()
        .id(id)
        .body_map(|b| b.message("Вход со двора".to_owned()).date("2026-03-02T12:06:00+03:00"))
        .send()
        .await
        .unwrap();
    let messages = desk.list_message_changes().timestamp(0).send().await.unwrap().into_inner();
    let seen: Vec<_> =
        messages.iter().map(|one| (one.id, one.owner.as_ref().and_then(|owner| owner.id), moment(one.date))).collect();
    assert_eq!(seen, [(written.id, Some(7), at(5)), (response.id, None, at(6))]);
    assert_eq!(messages[1].message.as_deref(), Some("Вход со двора"));

    // A jeopardy, raised and answered.
    later(&stage, 20);
    let raised =
        ivanov.raise_jeopardy().id(id).body_map(|b| b.comment("Нет принтера".to_owned())).send().await.unwrap();
    assert_eq!(moment(raised.date), at(20));
    let call = desk.get_call().id(id).send().await.unwrap();
    assert_eq!(call.jeopardies.len(), 1);
    assert_eq!((call.jeopardies[0].id, call.jeopardies[0].answer_comment.as_deref()), (raised.id, None));
    let again = ivanov.raise_jeopardy().id(id).body_map(|b| b.comment("И ленты".to_owned())).send().await;
    assert_eq!(refused(again).failure, "Conflict", "one open jeopardy at a time");
    later(&stage, 40);
    let cleared =
        desk.clear_jeopardy().id(id).body_map(|b| b.answer_comment("Привезут".to_owned())).send().await.unwrap();
    assert_eq!(moment(cleared.answer_date), at(40));
    let feed = desk.list_jeopardy_changes().timestamp(0).send().await.unwrap().into_inner();
    assert_eq!(feed.len(), 1);
    assert_eq!((feed[0].call_id, feed[0].answer_comment.as_deref()), (Some(id), Some("Привезут")));
    assert_eq!((moment(feed[0].date), moment(feed[0].answer_date)), (at(20), at(40)));

    // One task done, the other canceled.
    for (task, status) in [(tasks[0], CallTaskStatus::Done), (tasks[1], CallTaskStatus::Canceled)] {
        ivanov.set_call_task_status().id(task).body_map(|b| b.status(status.clone())).send().await.unwrap();
        let task = desk.get_call_task().id(task).send().await.unwrap();
        assert_eq!(task.result.is_some(), status == CallTaskStatus::Done, "only a task that is done has a result");
        assert_eq!(task.status, Some(status));
    }
    let all = desk.list_call_tasks().send().await.unwrap().into_inner();
    assert_eq!(all.iter().filter_map(|task| task.id).collect::<Vec<_>>(), [91_000, 91_001, 91_002, 91_003, 91_004]);

    // Done, by its owner.
    later(&stage, 150);
    let comment = "Принтер заменён".to_owned();
    let finished = ivanov
        .set_call_status()
        .id(id)
        .body_map(|b| b.status(CallStatus::Done).comments(comment))
        .send()
        .await
        .unwrap();
    assert_eq!((moment(finished.commited), moment(finished.finished)), (at(5), at(150)));
    let call = desk.get_call().id(id).send().await.unwrap();
    assert_eq!((call.status.clone(), call.comments.as_deref()), (Some(CallStatus::Done), Some("Принтер заменён")));

    // Closed, by the external system. Nothing can be written to it any more.
    desk.close_call().id(id).send().await.unwrap();
    let call = desk.get_call().id(id).send().await.unwrap();
    assert_eq!(call.status, Some(CallStatus::Closed));
    let late = ivanov.add_user_message().id(id).body_map(|b| b.message("Ещё".to_owned())).send().await;
    assert_eq!(refused(late).failure, "Conflict");
    stage.sandbox.state(|state| {
        let call = &state.calls[&id];
        assert_eq!((call.status, call.messages.len()), (model::CallStatus::Closed, 2));
        assert_eq!((call.committed, call.finished), (at(5), at(150)));
        // The seeded call of the same owner was left alone.
        assert_eq!(state.calls[&CALL], model::State::seeded().calls[&CALL]);
    });
}

/// A reader of the feeds who passes the greatest mark that it has seen.
#[tokio::test]
async fn feeds_go_on_strictly_after_the_mark() {
    let stage = Stage::start().await;
    let (desk, ivanov) = (&stage.desk, &stage.ivanov);
    let calls = async |mark: i64| -> Vec<(i64, i64)> {
        let feed = desk.list_call_changes().timestamp(mark).send().await.unwrap().into_inner();
        feed.iter().map(|call| (call.id.unwrap(), call.timestamp.unwrap())).collect()
    };
    let messages = async |mark: i64| -> Vec<i64> {
        let feed = desk.list_message_changes().timestamp(mark).send().await.unwrap().into_inner();
        feed.iter().map(|message| message.timestamp.unwrap()).collect()
    };
    let jeopardies = async |mark: i64| -> Vec<i64> {
        let feed = desk.list_jeopardy_changes().timestamp(mark).send().await.unwrap().into_inner();
        feed.iter().map(|jeopardy| jeopardy.timestamp.unwrap()).collect()
    };

    assert_eq!(calls(0).await, [(CLOSED_CALL, 1), (CALL, 2)]);
    assert_eq!(calls(1).await, [(CALL, 2)], "the mark itself is not included");
    assert_eq!(calls(2).await, []);

    ivanov.set_call_status().id(CALL).body_map(|b| b.status(CallStatus::Committed)).send().await.unwrap();
    let after_commit = calls(2).await;
    assert_eq!(after_commit.len(), 1, "a changed call comes once, at its latest mark");
    let mark = after_commit[0].1;
    assert!(mark > 2);

    ivanov.raise_jeopardy().id(CALL).body_map(|b| b.comment("Нет принтера".to_owned())).send().await.unwrap();
    let raised = jeopardies(0).await;
    assert_eq!((raised.len(), jeopardies(raised[0]).await), (1, vec![]));
    assert_eq!(calls(mark).await.len(), 1, "a jeopardy changes its call");
    desk.clear_jeopardy().id(CALL).body_map(|b| b.answer_comment("Да".to_owned())).send().await.unwrap();
    let cleared = jeopardies(raised[0]).await;
    assert!(cleared.len() == 1 && cleared[0] > raised[0], "the same jeopardy again, changed");

    let mut marks = vec![0];
    for text in ["раз", "два", "три"] {
        ivanov.add_user_message().id(CALL).body_map(|b| b.message(text.to_owned())).send().await.unwrap();
        let new = messages(*marks.last().unwrap()).await;
        assert_eq!(new.len(), 1, "{text}");
        marks.extend(new);
    }
    assert_eq!(messages(0).await, marks[1..], "the oldest first");
    assert_eq!(messages(marks[1]).await, marks[2..]);
}
