//! Headers: whatever the bytes, a layout speaks only of columns and places that are there.

use aleysk::read::cell;
use aleysk::read::dialect;
use aleysk::read::header::{self, Start};
use aleysk::read::layout::{Context, Layout, Near, NoLayout, Shape};
use aleysk::source::Encoding;

use super::Data;

pub fn hold(bytes: &[u8]) {
    let Some(([choice], bytes)) = super::choices(bytes) else {
        return;
    };
    let data = match choice & 1 {
        0 => Data::built_in(),
        _ => Data::free(),
    };
    let Ok(Ok(begun)) = dialect::begin(Box::new(bytes), None, None) else {
        return;
    };
    let (encoding, mark, head) = (begun.text.encoding, begun.text.mark, begun.head);
    let context = Context {
        plan: &data.loaded.plan,
        vocabulary: &data.vocabulary,
        file_name: ["report.csv", "детский сад 101.csv"][usize::from(choice >> 1 & 1)],
        sheet: (choice >> 2 & 1 == 1).then_some("Лист1"),
        encoding,
        delimiter: (choice >> 3 & 1 == 1).then_some(b';'),
    };
    let found = header::find(&context, &head[mark..], Start::of_file(mark));
    let again = header::find(&context, &head[mark..], Start::of_file(mark));
    assert_eq!(found, again);
    match found {
        Ok(layout) => {
            fits(&layout, &head, encoding);
            let from = layout.header_offset as usize;
            let start = Start {
                offset: layout.header_offset,
                line: layout.header_line,
                row: 1,
            };
            if let Ok(next) = header::at(&context, &head[from..], start, layout.delimiter) {
                fits(&next, &head, encoding);
                assert_eq!(next.header_offset, layout.header_offset);
            }
        }
        Err(NoLayout::NoHeader) => {}
        Err(
            NoLayout::NoOrganisation { line, offset, .. }
            | NoLayout::NoFields { line, offset }
            | NoLayout::StrangeHeader { line, offset }
            | NoLayout::SeveralForms { line, offset, .. },
        ) => assert!(line > 0 && offset <= head.len() as u64),
    }
}

fn fits(layout: &Layout, head: &[u8], encoding: Encoding) {
    let width = layout.headings.len();
    assert_eq!((layout.units.len(), layout.cells.len()), (width, width));
    let columns = layout.organisation.iter().chain(&layout.period);
    let columns = columns.chain(&layout.unit_column).chain(&layout.numbers);
    let near = layout.near.iter().map(|near| match near {
        Near::Taken { column, .. } | Near::Names { column } | Near::Several { column, .. } => {
            column
        }
    });
    assert!(columns.chain(near).all(|column| *column < width));
    match &layout.shape {
        Shape::Wide {
            fields, doubled, ..
        } => {
            assert!(fields.is_sorted());
            let doubled = doubled.iter().flat_map(|(_, columns)| columns);
            let mut all = fields.iter().map(|(column, _)| column).chain(doubled);
            assert!(all.all(|column| *column < width));
        }
        Shape::Long { measure, value } => assert!(*measure < width && *value < width),
    }
    assert!(layout.organisation.is_empty() == layout.owner.is_some());
    assert_eq!(layout.header_rows, layout.header_bytes.len());
    let begins = &head[layout.header_offset as usize..];
    assert!(begins.starts_with(&layout.header_bytes[0]));
    for (column, place) in layout.cells.iter().enumerate() {
        let Some(place) = place else { continue };
        assert_eq!(place.column as usize, column + 1);
        assert!(place.bytes.start <= place.bytes.end && place.bytes.end <= head.len() as u64);
        assert!(place.line >= layout.header_line);
        let raw = &head[place.bytes.start as usize..place.bytes.end as usize];
        if !raw.starts_with(b"\"") {
            let text = encoding.decode(raw);
            let text = cell::trim(&text);
            assert!(layout.headings[column].contains(text), "{text:?}");
        }
    }
    for above in &layout.above {
        assert!(above.line > 0 && above.offset < layout.header_offset);
    }
}
