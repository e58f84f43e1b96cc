//! The log on standard output. A thread of its own writes it: whoever starts the program and doesn't read what it prints holds
//! up no request.

use std::{
    io::{Write, stdout},
    sync::{
        LazyLock,
        mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
    },
    thread,
    time::Duration,
};

/// How many lines may wait; what is more is left out.
const MOST: usize = 10_000;

/// How long the end of the program waits for lines to be written.
const LIMIT: Duration = Duration::from_secs(1);

enum Entry {
    Line(String),
    /// Is told when everything before was written.
    Mark(Sender<()>),
}

static LOG: LazyLock<SyncSender<Entry>> = LazyLock::new(|| {
    let (sender, entries) = sync_channel(MOST);
    thread::spawn(move || write(&entries));
    sender
});

/// Prints a line, wherever it goes; whether anybody reads it is not our business.
pub(super) fn say(line: String) {
    let _ = LOG.try_send(Entry::Line(line));
}

/// Waits until what was said is written, for a while.
pub(super) fn flush() {
    let (sender, written) = channel();
    if LOG.try_send(Entry::Mark(sender)).is_ok() {
        let _ = written.recv_timeout(LIMIT);
    }
}

fn write(entries: &Receiver<Entry>) {
    let mut out = stdout();
    for entry in entries {
        match entry {
            Entry::Line(line) => {
                let _ = writeln!(out, "{line}").and_then(|()| out.flush());
            }
            Entry::Mark(sender) => {
                let _ = sender.send(());
            }
        }
    }
}
