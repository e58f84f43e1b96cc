//! A program that corrects a spec for itself: `.cargo/config.toml` names the folder with its own callback.yaml, which has a
//! property and an enum value more. `run` makes that file.

use casewire::callback::types::{Application, RegisteredOrRendered, RegisteredOrRenderedStatus};

fn main() {
    let mut application = Application::new("111".to_owned());
    assert_eq!(application.channel, None);
    application.channel = Some("telegram".to_owned());

    let report = RegisteredOrRendered::builder().application_id("111").status(RegisteredOrRenderedStatus::Postponed);
    assert!(report.build().is_ok());
    let documented = RegisteredOrRenderedStatus::DOCUMENTED.iter().map(|status| status.as_str());
    assert_eq!(documented.collect::<Vec<_>>(), ["registered", "rendered", "postponed"]);
}
