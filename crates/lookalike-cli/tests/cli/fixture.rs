//! Running the program in a folder of its own.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// A value that stands in many test tables, and must never stand in a message.
pub(crate) const SECRET: &str = "Zanzibar7731";

/// A folder that is gone after the test.
pub(crate) struct Folder(tempfile::TempDir);

/// What a run of the program came to.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    arguments: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Folder(tempfile::tempdir().expect("a temporary folder"))
    }

    /// A folder with `people.csv` in it.
    pub(crate) fn with_people(rows: usize) -> Self {
        let folder = Self::new();
        folder.write("people.csv", people(rows));
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect("the temporary folder can be written to");
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).expect("the file is UTF-8")
    }

    /// Everything in the folder, sorted.
    pub(crate) fn list(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.0.path())
            .expect("the folder exists")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// The program, in this folder, with settings that do not depend on who runs the tests.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lookalike"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env("COLUMNS", "100")
            .env("LC_ALL", "C.UTF-8")
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::null());
        command
    }

    /// Runs a line as one would type it, cut at blanks; a blank inside an argument is written `~`.
    pub(crate) fn run(&self, line: &str) -> Run {
        let arguments: Vec<String> = line.split_whitespace().map(|word| word.replace('~', " ")).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        Run::of(self.command(&arguments).output().expect("the program starts"), line)
    }

    /// The same with a file as standard input.
    pub(crate) fn run_with_input(&self, line: &str, input: &str) -> Run {
        let arguments: Vec<&str> = line.split_whitespace().collect();
        let input = fs::File::open(self.path(input)).expect("the input exists");
        Run::of(self.command(&arguments).stdin(input).output().expect("the program starts"), line)
    }
}

impl Run {
    pub(crate) fn of(output: Output, arguments: &str) -> Self {
        let stderr = String::from_utf8(output.stderr).expect("messages are UTF-8");
        assert!(!stderr.contains(SECRET), "{arguments}: a cell's value is in a message\n{stderr}");
        assert!(!stderr.contains("bug:"), "{arguments}: {stderr}");
        Run { code: output.status.code(), stdout: output.stdout, stderr, arguments: arguments.to_owned() }
    }

    pub(crate) fn stdout(&self) -> String {
        String::from_utf8(self.stdout.clone()).expect("what is shown is UTF-8")
    }

    /// It went well.
    #[track_caller]
    pub(crate) fn fine(self) -> Self {
        assert_eq!(self.code, Some(0), "{}: {}", self.arguments, self.stderr);
        self
    }

    /// It was refused with exit code 2, nothing on standard output, and one sentence that holds all of `words`.
    #[track_caller]
    pub(crate) fn refused(self, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(2), "{}: {}", self.arguments, self.stderr);
        assert!(self.stdout.is_empty(), "{}: a result in spite of the refusal", self.arguments);
        let lines: Vec<&str> = self.stderr.lines().collect();
        assert_eq!(lines.len(), 1, "{}: {}", self.arguments, self.stderr);
        assert!(lines[0].starts_with("error: "), "{}: {}", self.arguments, self.stderr);
        for word in words {
            assert!(lines[0].contains(word), "{}: {word:?} is not in {}", self.arguments, self.stderr);
        }
        self
    }

    /// It was either fine or refused, whichever is right for the input.
    #[track_caller]
    pub(crate) fn fine_or_refused(self) -> Self {
        if self.code == Some(0) { self } else { self.refused(&[]) }
    }
}

/// A table with a column of every kind and ties between them.
pub(crate) fn people(rows: usize) -> String {
    let mut text = "id,age,city,member,joined,income\n".to_owned();
    for row in 0..rows {
        // A cheap spread of numbers that repeats in no short period.
        let mixed = (row * 7919 + row * row * 31) % 1000;
        let age = 18 + mixed % 60;
        let city = ["Oslo", "Rome", SECRET][(mixed / 7) % 3];
        let member = if (mixed / 3) % 4 == 0 { "yes" } else { "no" };
        let (month, day) = (1 + mixed % 12, 1 + mixed % 28);
        let income = if mixed % 17 == 0 { String::new() } else { format!("{}.50", 900 + age * 40 + mixed) };
        let _ = writeln!(text, "P{row:05},{age},{city},{member},2019-{month:02}-{day:02},{income}");
    }
    text
}

/// A table with these columns, repeated to `rows` rows by `cell(row, column)`.
pub(crate) fn table(names: &[&str], rows: usize, cell: impl Fn(usize, usize) -> String) -> String {
    let mut text = names.join(",") + "\n";
    for row in 0..rows {
        let cells: Vec<String> = (0..names.len()).map(|column| cell(row, column)).collect();
        let _ = writeln!(text, "{}", cells.join(","));
    }
    text
}
