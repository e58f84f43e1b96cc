//! ЦП МСП callback applications: an organisation fetches a batch, confirms it, and
//! reports what became of it.

use std::error::Error as StdError;

use casewire::callback::{
    Auth, Client, Config, CreationDate, Endpoints,
    error::ReportStatusError,
    types::{RegisteredOrRendered, RegisteredOrRenderedStatus, Rejected, RejectedStatus},
};
use casewire_sandbox::Callback;

use crate::story::Story;

pub async fn scene(story: &mut Story) -> Result<(), Box<dyn StdError>> {
    story.scene("ЦП МСП callback applications");

    story.step("A sandbox starts, and an organisation fetches the first two applications");
    let sandbox = Callback::start().await?;
    let auth = Auth::user("integration@oip.example", "Petr0v-1");
    let client = Client::connect(Config::new(sandbox.url())?, auth, Endpoints::default())?;
    let batch = client.fetch_applications().limit(2).send().await?;
    for application in &batch.applications {
        let created = application.date_creation.as_deref().unwrap_or_default();
        let read = match created.parse()? {
            CreationDate::Certain(date) => date.to_string(),
            CreationDate::Ambiguous { year_day_month, year_month_day } => {
                format!("{year_day_month} or {year_month_day}")
            }
        };
        story.saw(format_args!("{} of {created}, that is {read}; {:?}", application.application_id, application.opf));
    }

    story.step("Until it is confirmed, the same batch comes again");
    let again = client.fetch_applications().limit(2).send().await?;
    story.expect(again.applications == batch.applications, "another batch came")?;
    let code = batch.commit.as_deref().ok_or("the batch has no code")?;
    client.commit_batch().code(code).send().await?;
    let next = client.fetch_applications().limit(2).send().await?;
    story.expect(next.applications != batch.applications, "the confirmed batch came again")?;
    story.saw(format_args!("confirmed; next come {} others", next.applications.len()));

    story.step("The first applicant is registered and called back; the second is rejected, which needs a comment");
    let report = |id: &str, status| RegisteredOrRendered::builder().application_id(id).status(status).try_into();
    let registered: RegisteredOrRendered = report("111", RegisteredOrRenderedStatus::Registered)?;
    client.report_status().body(registered).send().await?;
    let rendered: RegisteredOrRendered = report("111", RegisteredOrRenderedStatus::Rendered)?;
    client.report_status().body(rendered).send().await?;
    let registered: RegisteredOrRendered = report("112", RegisteredOrRenderedStatus::Registered)?;
    client.report_status().body(registered).send().await?;
    let rejected = Rejected::builder().application_id("112").status(RejectedStatus::Rejected);
    let unexplained = Rejected::try_from(rejected.clone());
    story.saw(unexplained.err().ok_or("a rejection without a comment was built")?);
    let rejected = Rejected::try_from(rejected.comment("Заявитель трижды не ответил на звонок"))?;
    client.report_status().body(rejected).send().await?;

    story.step("A report about an application that doesn't exist");
    let unknown: RegisteredOrRendered = report("999", RegisteredOrRenderedStatus::Registered)?;
    let failure = story.refused(client.report_status().body(unknown).send().await)?;
    story.expect(matches!(failure.failure(), Some(ReportStatusError::BadRequest(_))), "not the documented 400")?;
    story.saw(&failure);

    story.step("The token expires; the next call fetches another one");
    sandbox.state(|state| state.clock.advance(24 * 60 * 60 * 1000));
    client.fetch_applications().send().await?;
    story.expect(sandbox.count("authenticate") == 2, "not exactly one new token")?;
    story.saw(format_args!("{} tokens, {} requests in all", sandbox.count("authenticate"), sandbox.requests().len()));
    Ok(())
}
