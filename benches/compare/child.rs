//! This program as another process: the server, or what is measured.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use tokio::runtime::Runtime;

use crate::{in_flight, instructions, sandbox, transfers};

/// Does what the parent asks for.
pub fn run(role: &[&str]) {
    match role {
        ["server"] => casewire_bench::server::serve().unwrap(),
        ["caller", case, side, count, origin] => {
            single().block_on(instructions::make_calls(case, side, count.parse().unwrap(), origin));
        }
        ["reader", reader, count] => instructions::read(reader, count.parse().unwrap()),
        ["crowd", side, size, rounds, origin] => {
            let (size, rounds) = (size.parse().unwrap(), rounds.parse().unwrap());
            single().block_on(in_flight::crowd(side, size, rounds, origin));
        }
        ["transfer", which, origin, folder] => {
            Runtime::new().unwrap().block_on(transfers::print(which, origin, folder))
        }
        ["sandbox"] => Runtime::new().unwrap().block_on(sandbox::serve()),
        other => panic!("unknown role {other:?}"),
    }
}

/// This program in this role.
pub fn command(role: &[&str]) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.arg("as").args(role);
    command
}

/// What this program prints in this role.
pub fn output(role: &[&str]) -> String {
    let output = command(role).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "{role:?}: {}", output.status);
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A server in another process, which ends when this is dropped.
pub struct Server {
    process: Child,
    /// What it printed first: its address, and perhaps more.
    pub told: String,
}

impl Server {
    pub fn start(role: &[&str]) -> Self {
        let mut process = command(role).stdout(Stdio::piped()).spawn().unwrap();
        let mut told = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut told).unwrap();
        Self { process, told: told.trim().to_owned() }
    }

    /// A line of its status, such as `VmRSS`, in KiB.
    pub fn memory(&self, line: &str) -> u64 {
        memory(&self.process.id().to_string(), line)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is gone already, or will be.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The peak of the memory of this process so far, in KiB.
pub fn peak() -> u64 {
    memory("self", "VmHWM")
}

fn memory(process: &str, line: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("a system with /proc");
    let value = status.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(':')?.strip_suffix("kB"));
    value.expect("the line in the status").trim().parse().unwrap()
}

/// One thread, so that its time is that of the process, and two runs do the same.
fn single() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}
