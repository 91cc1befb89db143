//! One curve for each report, as SVG: the latency at each percentile.

use std::fmt::Write;

use crate::report::Report;

/// Size of the chart and edges of its plot, in pixels.
const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 540.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 730.0;
const TOP: f64 = 50.0;
const BOTTOM: f64 = 480.0;

/// Number of points of a curve.
const POINTS: u32 = 300;

/// The x axis goes from 0 to this many nines: 0, 90 %, 99 %, 99.9 %.
const NINES: f64 = 3.0;

/// Latency at the lower edge, in milliseconds.
const SHORTEST: f64 = 0.1;

/// Colours that differ on white: the eight of Okabe and Ito, which colour-blind readers can tell
/// apart too, with grey for yellow, and four more. A full run has ten curves.
const COLOURS: [&str; 12] = [
    "#000000", "#e69f00", "#56b4e9", "#009e73", "#d55e00", "#0072b2", "#cc79a7", "#999999",
    "#7b3294", "#8c510a", "#a6d854", "#e7298a",
];

/// Returns the chart of the reports with a curve; `None` without any.
pub fn draw(reports: &[Report]) -> Option<String> {
    let curves: Vec<&Report> = reports.iter().filter(|report| !report.curve.is_empty()).collect();
    let slowest = f64::from(*curves.iter().filter_map(|report| report.curve.last()).max()?) / 1e3;
    let decades = (slowest / SHORTEST).log10().ceil().max(1.0);
    let x = |nines: f64| LEFT + (RIGHT - LEFT) * nines / NINES;
    let y = |ms: f64| {
        BOTTOM - (BOTTOM - TOP) * (ms.max(SHORTEST) / SHORTEST).log10().min(decades) / decades
    };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"28\" font-size=\"18\">One way, from before the send to after the \
         receive</text>\n\
         <text x=\"{RIGHT}\" y=\"{}\" text-anchor=\"end\">share of the messages</text>\n",
        BOTTOM + 44.0
    );
    for nines in 0..=NINES as u32 {
        let at = x(nines.into());
        let percent = 100.0 * share(nines.into());
        line(&mut svg, (at, TOP), (at, BOTTOM));
        text(&mut svg, (at, BOTTOM + 20.0), "middle", &format!("{percent} %"));
    }
    for decade in 0..=decades as i32 {
        let ms = SHORTEST * 10_f64.powi(decade);
        line(&mut svg, (LEFT, y(ms)), (RIGHT, y(ms)));
        text(&mut svg, (LEFT - 8.0, y(ms) + 4.0), "end", &format!("{ms} ms"));
    }
    for (number, report) in curves.into_iter().enumerate() {
        let colour = COLOURS[number % COLOURS.len()];
        let last = (report.curve.len() - 1) as f64;
        let points: Vec<String> = (0..=POINTS)
            .map(|point| {
                let nines = NINES * f64::from(point) / f64::from(POINTS);
                let micros = report.curve[(share(nines) * last).round() as usize];
                format!("{:.1},{:.1}", x(nines), y(f64::from(micros) / 1e3))
            })
            .collect();
        let legend = TOP + 20.0 * number as f64;
        let _ = writeln!(
            svg,
            "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{}\"/>\n\
             <path stroke=\"{colour}\" stroke-width=\"3\" d=\"M{} {legend}h20\"/>",
            points.join(" "),
            RIGHT + 20.0
        );
        text(&mut svg, (RIGHT + 48.0, legend + 4.0), "start", &report.name);
    }
    svg.push_str("</svg>\n");
    Some(svg)
}

fn line(svg: &mut String, from: (f64, f64), to: (f64, f64)) {
    let _ = writeln!(
        svg,
        "<path stroke=\"#ddd\" d=\"M{:.1} {:.1}L{:.1} {:.1}\"/>",
        from.0, from.1, to.0, to.1
    );
}

fn text(svg: &mut String, at: (f64, f64), anchor: &str, words: &str) {
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{words}</text>",
        at.0, at.1
    );
}

/// Returns the share of messages for a number of nines: 0 → 0, 1 → 0.9, 2 → 0.99.
fn share(nines: f64) -> f64 {
    1.0 - 10_f64.powf(-nines)
}
