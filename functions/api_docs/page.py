"""The page and the script that starts it."""

# The order in which a reader meets the APIs; a test compares it with the generated files.
TITLES = {
    "api_invoices_v2.openapi.json": "Corebanq: documents, invoices, uploads",
    "api_ocr_jobs.openapi.json": "Repzo: jobs, groups, templates",
    "api_ocr_tasks.openapi.json": "Monite: OCR tasks",
    "api_invoices_v1.openapi.json": "MakersHub: invoices",
    "api_counterparties.openapi.json": "Counterparties",
    "api_transfers.openapi.json": "Transfers",
    "api_tokens.openapi.json": "Tokens",
}
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>paydraft: its APIs</title>
<link rel="stylesheet" href="/docs/swagger-ui.min.css">
<style>
body { margin: 0; font-family: sans-serif; }
header { padding: 1rem 1.25rem 0; max-width: 1460px; margin: 0 auto; }
nav a { display: inline-block; margin: 0 1rem .5rem 0; }
nav a[aria-current] { font-weight: bold; }
</style>
</head>
<body>
<header>
<h1>paydraft</h1>
<p>An invoice document in, a draft transfer out. Choose an API, then Authorize with a token.</p>
<nav aria-label="APIs"></nav>
<noscript>This page needs JavaScript. The descriptions are plain files: /docs/api_transfers.openapi.json and its
neighbours.</noscript>
</header>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.min.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
_LIST = ",\n".join(f'  ["{name}", "{title}"]' for name, title in TITLES.items())
START = f"""const apis = [
{_LIST}
];
const wanted = new URLSearchParams(location.search).get("api");
const chosen = apis.find(([name]) => name === wanted) || apis[0];
const nav = document.querySelector("nav");
for (const [name, title] of apis) {{
  const link = document.createElement("a");
  link.href = "/docs?api=" + name;
  link.textContent = title;
  if (name === chosen[0]) link.setAttribute("aria-current", "page");
  nav.append(link);
}}
SwaggerUIBundle({{
  url: "/docs/" + chosen[0],
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
}});
"""
