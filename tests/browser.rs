//! Pages in headless Chromium: accessible by axe-core, valid by the W3C's own checker, readable on a
//! telephone, printed on A4. `.ci/run` installs what is missing and runs these; by hand:
//! `cargo test --test browser -- --ignored` (needs Chromium, npm and Java).

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use aleysk::render::html::render;
use serde_json::{Value, json};
use support::sample;
use tempfile::tempdir;

/// How long Chromium may take for anything.
const PATIENCE: Duration = Duration::from_secs(120);

/// What forbids scripts in a page; a copy that is looked into from inside goes without.
const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\" \
                      content=\"default-src 'none'; style-src 'unsafe-inline'\">";

/// Where the checkers are: installed once as `package-lock.json` pins them, with their checksums.
fn checkers() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("checkers");
        fs::create_dir_all(&folder).expect("a folder");
        let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
        for name in ["package.json", "package-lock.json"] {
            fs::copy(ours.join(name), folder.join(name)).expect("copied");
        }
        let installed = Command::new("npm")
            .args([
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--prefer-offline",
            ])
            .current_dir(&folder)
            .output()
            .expect("npm is installed");
        assert!(
            installed.status.success(),
            "{}",
            String::from_utf8_lossy(&installed.stderr)
        );
        folder
    })
}

fn chromium() -> Command {
    let given = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found = || {
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        let mut places = names
            .iter()
            .flat_map(|name| folders.iter().map(move |at| at.join(name)));
        places.find(|place| place.is_file())
    };
    Command::new(
        given
            .or_else(found)
            .expect("Chromium is installed, or CHROMIUM names it"),
    )
}

/// What Chromium says of a page.
fn browse(page: &Path, arguments: &[&str]) -> String {
    let folder = tempdir().expect("a folder");
    let out = folder.path().join("out");
    let mut started = chromium()
        // The pages are our own, and a sandbox is not to be had by root or in a container.
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
        ])
        .args(["--hide-scrollbars", "--virtual-time-budget=30000"])
        .arg(format!(
            "--user-data-dir={}",
            folder.path().join("profile").display()
        ))
        .args(arguments)
        .arg(format!("file://{}", page.display()))
        .stdin(Stdio::null())
        .stdout(fs::File::create(&out).expect("a file"))
        .stderr(Stdio::null())
        .spawn()
        .expect("Chromium starts");
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = started.try_wait().expect("a process") {
            break status;
        }
        if begun.elapsed() > PATIENCE {
            started.kill().expect("ended");
            panic!("Chromium does not answer: {arguments:?}");
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(status.success(), "Chromium: {status}");
    fs::read_to_string(&out).expect("UTF-8")
}

/// The pages: one with all that there is, and those of commands on the shipped examples.
fn pages() -> &'static [(&'static str, PathBuf)] {
    static PAGES: OnceLock<Vec<(&'static str, PathBuf)>> = OnceLock::new();
    PAGES.get_or_init(|| {
        let ours = |arguments: &[&str]| {
            let run = Command::new(env!("CARGO_BIN_EXE_aleysk"))
                .args(arguments)
                .args(["--format", "html"])
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .output()
                .expect("aleysk starts");
            String::from_utf8(run.stdout).expect("UTF-8")
        };
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
        fs::create_dir_all(&folder).expect("a folder");
        let texts = [
            ("sample", render(&sample::document())),
            (
                "report",
                ours(&["report", "examples/2025", "--period", "2025-12"]),
            ),
            (
                "report-real",
                ours(&[
                    "report",
                    "examples/2025-Q4-real",
                    "examples/2025",
                    "--period",
                    "2025-12",
                ]),
            ),
            (
                "check",
                ours(&["check", "examples/2025-Q4-real", "--by", "organisation"]),
            ),
            ("diff", ours(&["diff", "2020", "2025"])),
        ];
        let keep = |(name, text): (&'static str, String)| {
            assert!(
                text.contains(POLICY) && text.ends_with("</html>\n"),
                "{name}: {text}"
            );
            let path = folder.join(name).with_extension("html");
            fs::write(&path, text).expect("written");
            (name, path)
        };
        texts.map(keep).into()
    })
}

/// What a copy of the page says of itself: see `browser/probe.js`.
fn probed(page: &Path, width: u32, dark: bool) -> Value {
    let axe = checkers().join("node_modules/axe-core/axe.min.js");
    let axe = fs::read_to_string(axe)
        .expect("axe-core")
        .replace("</script", "<\\/script");
    let probe = include_str!("browser/probe.js");
    let text = fs::read_to_string(page).expect("the page");
    // Chromium's own window is never as narrow as a telephone, a frame is.
    let frame = text.replace(POLICY, "").replace(
        "</body>",
        &format!("<script>{axe}</script><script>{probe}</script></body>"),
    );
    let frame = frame.replace('&', "&amp;").replace('"', "&quot;");
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("page.html");
    let page = format!(
        "<!DOCTYPE html><meta charset=\"utf-8\"><pre id=\"told\"></pre>\
         <iframe style=\"border:0;width:{width}px;height:900px\" srcdoc=\"{frame}\"></iframe>"
    );
    fs::write(&path, page).expect("written");
    let scheme = format!("--blink-settings=preferredColorScheme={}", u8::from(!dark));
    let dom = browse(&path, &["--window-size=1400,1000", &scheme, "--dump-dom"]);
    let told = dom
        .split_once("<pre id=\"told\">")
        .and_then(|(_, rest)| rest.split_once("</pre>"));
    let (told, _) = told.expect("a result");
    serde_json::from_str(told).unwrap_or_else(|fault| panic!("{fault}: {told}"))
}

#[test]
#[ignore = "needs Chromium and npm"]
fn pages_are_accessible_and_stay_within_their_width() {
    for (name, page) in pages() {
        for width in [360, 1280] {
            for dark in [false, true] {
                let told = probed(page, width, dark);
                let expected = json!({
                    "width": width,
                    "dark": dark,
                    "title": told["title"],
                    "wider": [],
                    "fetched": [],
                    "labels": [],
                    "headings": [],
                    "violations": [],
                });
                let (told, expected) = (format!("{told:#}"), format!("{expected:#}"));
                assert_eq!(told, expected, "{name}, {width} px, dark: {dark}");
                assert!(!told.contains("взлом"), "{name}: a name ran as a script");
            }
        }
    }
}

#[test]
#[ignore = "needs npm and Java"]
fn pages_are_valid() {
    for (name, page) in pages() {
        let checked = Command::new("java")
            .arg("-jar")
            .arg(checkers().join("node_modules/vnu-jar/build/dist/vnu.jar"))
            .args(["--format", "json", "--stdout"])
            .arg(page)
            .output()
            .expect("Java is installed");
        let told: Value = serde_json::from_slice(&checked.stdout).expect("JSON");
        assert_eq!(told["messages"], json!([]), "{name}: {told:#}");
        assert!(checked.status.success(), "{name}");
    }
}

#[test]
#[ignore = "needs Chromium"]
fn pages_print_on_a4() {
    let folder = tempdir().expect("a folder");
    for ((name, page), expected) in pages().iter().zip([4..=12, 8..=20, 10..=28, 2..=6, 2..=9]) {
        let pdf = folder.path().join(name);
        browse(
            page,
            &[
                &format!("--print-to-pdf={}", pdf.display()),
                "--no-pdf-header-footer",
            ],
        );
        let bytes = fs::read(&pdf).expect("a PDF");
        let text = String::from_utf8_lossy(&bytes);
        let sheets: Vec<&str> = text
            .split("/MediaBox [")
            .skip(1)
            .filter_map(|rest| Some(rest.split_once(']')?.0))
            .collect();
        assert!(
            expected.contains(&sheets.len()),
            "{name}: {} sheets",
            sheets.len()
        );
        for sheet in sheets {
            let sides: Vec<f64> = sheet
                .split(' ')
                .filter_map(|side| side.parse().ok())
                .collect();
            let a4 = [0.0, 0.0, 595.28, 841.89];
            let near = sides
                .iter()
                .zip(a4)
                .all(|(side, wanted)| (side - wanted).abs() < 1.0);
            assert!(sides.len() == 4 && near, "{name}: {sheet}");
        }
    }
}
