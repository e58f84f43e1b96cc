//! Links to files, as cases and uploads give them. They point at a private address; only their path is used, on the
//! configured server.

use super::{Client, builder};

/// A link that does not lead to a file of this interface.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a link to a file: its path must end with `/file/` and two ids")]
#[non_exhaustive]
pub struct InvalidLink;

impl Client {
    /// The download of the file that `link` leads to, from the configured server: the host in a link is a private
    /// address, and nothing is ever sent there.
    ///
    /// # Errors
    /// When the path of the link does not end with `/file/` and two ids.
    ///
    /// ```no_run
    /// # async fn example(client: casewire::crpt::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let case = client.get_case().number("SR00683913").send().await?;
    /// for file in case.messages.iter().flat_map(|message| &message.files) {
    ///     let content = client.download_link(&file.url)?.send().await?;
    ///     # let _ = content;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn download_link(&self, link: &str) -> Result<builder::DownloadFile, InvalidLink> {
        let (schema, file) = ids(link).ok_or(InvalidLink)?;
        Ok(self.download_file().entity_schema_u_id(schema).file_id(file))
    }
}

/// The last two segments of `…/file/{schema}/{file}`, whatever the host is.
fn ids(link: &str) -> Option<(String, String)> {
    let path = link.split(['?', '#']).next()?;
    let (before, file) = path.rsplit_once('/')?;
    let (before, schema) = before.rsplit_once('/')?;
    let plain = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (before.ends_with("/file") && plain(schema) && plain(file)).then(|| (schema.to_owned(), file.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::ids;

    #[test]
    fn only_the_ids_of_a_link_are_used() {
        let expect = Some(("55c1fe71-17a1".to_owned(), "e4ab3bc8".to_owned()));
        assert_eq!(ids("http://10.200.199.1:84/0/ssp/rest/PublicWebServices/file/55c1fe71-17a1/e4ab3bc8"), expect);
        assert_eq!(ids("/0/ssp/rest/PublicWebServices/file/55c1fe71-17a1/e4ab3bc8?x=1"), expect);
        for link in ["", "http://10.200.199.1:84/", "/file/a", "/other/a/b", "/file/a/..", "/file//b", "/file/a/b%2Fc"]
        {
            assert_eq!(ids(link), None, "{link}");
        }
    }
}
