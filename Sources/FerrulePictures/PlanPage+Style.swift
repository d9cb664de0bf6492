// SPDX-License-Identifier: Apache-2.0

extension PlanPage {
    static let styleSheet: String = {
        let colors = Palette.rules(indent: "      ") { scheme in
            let roles = Palette.allCases.map { "--\($0.rawValue): \($0.color(scheme));" }
            return [":root { \(roles.joined(separator: " ")) }"]
        }
        return colors + "\n" + rules
    }()

    private static let rules = """
              * { box-sizing: border-box; }
              [hidden] { display: none !important; }
              body { margin: 0; background: var(--paper); color: var(--ink);
                font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
              code, .endpoints li { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
                font-size: 0.87em; }
              /* Letters of all scripts stand in the order in which they are stored, and long names are broken. */
              main :not(input), header * { direction: ltr; unicode-bidi: bidi-override; overflow-wrap: anywhere; }
              header, main { max-width: 68rem; margin: 0 auto; padding: 0 1.5rem; }
              header { padding-top: 2.75rem; }
              main { padding-bottom: 4rem; }
              ul { list-style: none; margin: 0; padding: 0; }
              p { margin: 0; }
              .summary { color: var(--muted); font-size: 1.1rem; }
              h1 { margin: 0 0 1.25rem; font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.015em; font-weight: 650; }
              h2 { margin: 2.5rem 0 0.9rem; font-size: 1.15rem; font-weight: 650; }
              .tallies { display: flex; flex-wrap: wrap; gap: 0.75rem; }
              .tallies li { min-width: 7.5rem; padding: 0.7rem 1rem; border-radius: 10px; color: var(--hue);
                background: var(--ground); line-height: 1.3; }
              .tallies b { display: block; font-size: 1.5rem; font-weight: 650; font-variant-numeric: tabular-nums; }
              .note { margin: 1rem 0 0; padding: 0.7rem 1rem; border-radius: 10px; background: var(--tint); }
              .add { --hue: var(--good); --ground: var(--good-tint); }
              .change { --hue: var(--change); --ground: var(--change-tint); }
              .remove, .dangerous { --hue: var(--bad); --ground: var(--bad-tint); }
              .none { --hue: var(--muted); --ground: var(--tint); }
              form { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: center;
                gap: 0.6rem 1.5rem; margin-top: 1.75rem; padding: 0.75rem 0; background: var(--paper);
                border-bottom: 1px solid var(--edge); }
              form .text { display: flex; flex: 1 1 16rem; align-items: center; gap: 0.75rem; }
              form .text span { white-space: nowrap; color: var(--muted); }
              input[type=search] { flex: 1; min-width: 8rem; padding: 0.4rem 0.7rem; font: inherit; color: inherit;
                background: var(--card); border: 1px solid var(--muted); border-radius: 8px; }
              input[type=checkbox] { width: 1rem; height: 1rem; margin: 0 0.15rem 0 0; vertical-align: -0.12rem;
                accent-color: var(--accent); }
              fieldset { display: flex; gap: 1rem; margin: 0; padding: 0; border: 0; }
              legend { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
              output { margin-left: auto; color: var(--muted); font-variant-numeric: tabular-nums; }
              :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
              article { position: relative; display: grid; grid-template-columns: minmax(0, 22rem) minmax(0, 1fr);
                gap: 0 1.5rem; margin: 0 0 0.6rem; padding: 0.85rem 10.5rem 0.85rem 1.25rem; background: var(--card); border: 1px solid var(--edge);
                border-radius: 10px; content-visibility: auto; contain-intrinsic-size: auto 3.5rem; }
              article.dangerous { border-color: var(--bad); }
              h3 { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.15rem 0.75rem; margin: 0; font-size: 1.05rem;
                font-weight: 600; }
              .kind { min-width: 4.6rem; padding: 0 0.6rem; border-radius: 99px; font-size: 0.8rem; line-height: 1.6;
                text-align: center; }
              .kind, article.add .kind { color: var(--good); background: var(--good-tint); }
              article.change .kind { color: var(--change); background: var(--change-tint); }
              article.remove .kind { color: var(--bad); background: var(--bad-tint); }
              .changes li + li { margin-top: 0.2rem; }
              .changes strong { color: var(--bad); font-weight: 600; }
              .changes strong::before { content: "! "; }
              details { grid-column: 1 / -1; margin-right: -9.25rem; }
              summary { position: absolute; top: 0.85rem; right: 1.25rem; color: var(--accent); cursor: pointer; }
              .ways { display: grid; grid-template-columns: 1fr 1fr; gap: 1.25rem; margin: 1rem 0 0.25rem; }
              h4 { margin: 0 0 0.4rem; font-size: 0.85rem; font-weight: 600; color: var(--muted); }
              .absence { color: var(--muted); }
              .entrances { display: grid; gap: 0.6rem; }
              .entrances > li { padding: 0.7rem 0.9rem; border-radius: 8px; border-left: 3px solid transparent;
                background: var(--paper); }
              .place { font-weight: 600; }
              .reached { position: relative; margin: 0.35rem 0 0 0.35rem; padding-left: 1.5rem; }
              .reached::before { content: ""; position: absolute; left: 0; top: -0.2rem; width: 0.9rem; height: 1rem;
                border: solid var(--accent); border-width: 0 0 2px 2px; border-bottom-left-radius: 8px; }
              .before { --hue: var(--bad); --ground: var(--bad-tint); }
              .after { --hue: var(--good); --ground: var(--good-tint); }
              .entrances > li.other { border-left-color: var(--hue); }
              .endpoints { display: flex; flex-wrap: wrap; gap: 0.3rem; margin-top: 0.4rem; }
              .endpoints li { padding: 0.05rem 0.5rem; border-radius: 5px; background: var(--tint); }
              .endpoints .other { color: var(--hue); background: var(--ground); font-weight: 600; }
              .before .endpoints .other::before { content: "- "; }
              .after .endpoints .other::before { content: "+ "; }
              .endpoints .more { background: none; color: var(--muted); font-family: inherit; }
              .reach li { position: relative; padding: 0.2rem 0 0.2rem 1.5rem; }
              .reach li::before { position: absolute; left: 0.3rem; color: var(--hue); font-weight: 600; }
              .reach .add::before { content: "+"; }
              .reach .remove::before { content: "-"; }
              table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
              th, td { padding: 0.4rem 0.75rem; border-bottom: 1px solid var(--edge); text-align: right; }
              th:first-child { padding-left: 0; text-align: left; font-weight: 500; }
              thead th { color: var(--muted); font-weight: 500; }
              @media (max-width: 44rem) {
                header, main { padding-left: 1rem; padding-right: 1rem; }
                header { padding-top: 1.5rem; }
                article { display: block; padding: 0.85rem 1rem; }
                .changes { margin-top: 0.5rem; }
                details { margin: 0.5rem 0 0; }
                summary { position: static; width: max-content; }
                .ways { grid-template-columns: 1fr; margin-top: 0.6rem; }
                .tallies { display: grid; grid-template-columns: 1fr 1fr; }
                form { position: static; }
                form .text { flex-basis: 100%; flex-wrap: wrap; gap: 0.2rem; }
                fieldset { flex-wrap: wrap; }
                th, td { padding: 0.4rem 0.4rem; }
              }
              @media print {
                :root { color-scheme: light; }
                body { background: none; font-size: 10pt; }
                form { display: none !important; }
                article, .entrances > li, .tallies li { break-inside: avoid; }
                article { content-visibility: visible; padding-right: 1.25rem; }
                details { margin-right: 0; }
                details::details-content { content-visibility: visible; display: block; }
                summary { display: none; }
                .entrances > li { border: 1px solid var(--edge); border-left-width: 3px; }
              }
        """

    /// Filters what is shown. No character in it is markup in XML.
    static let script = """
              const form = document.getElementById("filter");
              const changes = [...document.querySelectorAll("article")].map(article => ({
                article, name: article.querySelector("h3 code").textContent.toLowerCase(), kind: article.dataset.kind,
                isDangerous: article.classList.contains("dangerous"),
              }));
              const isWhole = !document.getElementById("\(leftOut)");
              function show() {
                const words = form.elements.text.value.toLowerCase().split(" ");
                const kinds = [...form.elements.kind].filter(box => box.checked).map(box => box.value);
                let count = 0;
                for (const { article, name, kind, isDangerous } of changes) {
                  const fits = [
                    words.every(word => name.includes(word)), kinds.includes(kind),
                    isDangerous || !form.elements.dangerous.checked,
                  ].every(Boolean);
                  article.hidden = !fits;
                  if (fits) count += 1;
                }
                form.elements.count.value = isWhole ? `${count} of ${changes.length} changes`
                  : `${count} of the ${changes.length} shown here`;
                for (const group of document.querySelectorAll(".group"))
                  group.hidden = !group.querySelector("article:not([hidden])");
              }
              if (form) {
                form.hidden = false;
                form.addEventListener("input", show);
                form.addEventListener("submit", event => event.preventDefault());
              }
        """
}
