//! The date of an application, whose format the document leaves open.

use jiff::civil::Date;

/// The date that `dateCreation` of an application stands for.
///
/// The document's sample is `2022-29-12`, year, day, month. Servers may as well write year, month, day; where both
/// readings are dates, both are given, and it is the caller's to choose.
///
/// ```
/// use casewire::callback::CreationDate;
///
/// assert_eq!("2022-29-12".parse(), Ok(CreationDate::Certain(jiff::civil::date(2022, 12, 29))));
/// assert_eq!("2022-12-29".parse(), Ok(CreationDate::Certain(jiff::civil::date(2022, 12, 29))));
/// let both: CreationDate = "2022-03-12".parse().unwrap();
/// assert!(matches!(both, CreationDate::Ambiguous { .. }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CreationDate {
    /// Only one reading is a date, or both are the same.
    Certain(Date),
    /// Both readings are dates.
    Ambiguous {
        /// Read as in the document's sample.
        year_day_month: Date,
        /// Read as ISO 8601.
        year_month_day: Date,
    },
}

/// A string that is a date in neither format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither a date as YYYY-DD-MM nor as YYYY-MM-DD")]
#[non_exhaustive]
pub struct InvalidCreationDate;

impl std::str::FromStr for CreationDate {
    type Err = InvalidCreationDate;

    fn from_str(text: &str) -> Result<Self, InvalidCreationDate> {
        let read = |format: &str| Date::strptime(format, text.trim()).ok();
        match (read("%Y-%d-%m"), read("%Y-%m-%d")) {
            (Some(one), Some(other)) if one != other => {
                Ok(Self::Ambiguous { year_day_month: one, year_month_day: other })
            }
            (Some(date), _) | (None, Some(date)) => Ok(Self::Certain(date)),
            (None, None) => Err(InvalidCreationDate),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{CreationDate, InvalidCreationDate};

    #[test]
    fn readings() {
        let check = |text: &str, expect| assert_eq!(text.parse::<CreationDate>(), expect, "{text}");
        check("2022-29-12", Ok(CreationDate::Certain(date(2022, 12, 29))));
        check("2022-12-29", Ok(CreationDate::Certain(date(2022, 12, 29))));
        check(" 2022-05-05 ", Ok(CreationDate::Certain(date(2022, 5, 5))));
        let (year_day_month, year_month_day) = (date(2022, 12, 3), date(2022, 3, 12));
        check("2022-03-12", Ok(CreationDate::Ambiguous { year_day_month, year_month_day }));
        for text in ["", "2022-30-02", "29.12.2022", "2022-13-13"] {
            check(text, Err(InvalidCreationDate));
        }
    }
}
