//! Tables as text: the first column is what goes wrong, the others are the calls.

use std::fmt::Write;

use super::calls::Column;

/// One row: its name and a cell for each column.
pub type Row = (String, [String; 6]);

/// The table with columns of equal width.
pub fn draw(legend: &str, rows: &[Row]) -> String {
    let names = Column::ALL.map(|column| format!("{column:?} {}", column.operation()));
    let header = [(String::new(), names)];
    let all = || header.iter().chain(rows);
    let first = all().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let width = |at: usize| all().map(|(_, cells)| cells[at].chars().count()).max().unwrap_or_default();
    let mut text = format!("{legend}\n\n");
    for (name, cells) in all() {
        let mut line = format!("{name:first$}");
        for (at, cell) in cells.iter().enumerate() {
            write!(line, " | {cell:0$}", width(at)).unwrap();
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}
