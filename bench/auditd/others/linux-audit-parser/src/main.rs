//! Reads an audit log with the linux-audit-parser crate (laurel's parser): every line to a message.
use std::io::{BufRead, BufReader};
fn main() {
    let path = std::env::args().nth(1).expect("FILE");
    let mut reader = BufReader::with_capacity(1 << 18, std::fs::File::open(path).unwrap());
    let mut line = Vec::new();
    let (mut records, mut fields, mut errors) = (0usize, 0usize, 0usize);
    while reader.read_until(b'\n', &mut line).unwrap() > 0 {
        match linux_audit_parser::parse(&line, false) {
            Ok(message) => {
                records += 1;
                fields += message.body.into_iter().count();
            }
            Err(_) => errors += 1,
        }
        line.clear();
    }
    eprintln!("{{\"records\":{records},\"fields\":{fields},\"errors\":{errors}}}");
}
