// The staff's pages work without this. It sorts and filters tables, copies, prints, asks before what cannot be undone,
// guards against a double click, shows how an upload goes, fills in dates, and reads live pages anew.
(function () {
  'use strict';
  var each = function (selector, act, root) {
    Array.prototype.forEach.call((root || document).querySelectorAll(selector), act);
  };

  // Sorting: a click on a heading of a table that says data-sort.
  function cellValue(row, index) {
    var cell = row.cells[index];
    return cell ? cell.getAttribute('data-value') || cell.textContent.trim() : '';
  }
  function compare(left, right) {
    var a = parseFloat(left.replace(/[,%\s]/g, '')), b = parseFloat(right.replace(/[,%\s]/g, ''));
    if (!isNaN(a) && !isNaN(b)) return a - b;
    if (isNaN(a) !== isNaN(b) && (left === '' || right === '' || isNaN(a) || isNaN(b))) return isNaN(a) ? 1 : -1;
    return left.localeCompare(right, document.documentElement.lang);
  }
  function sortBy(table, heading, index) {
    var down = heading.getAttribute('aria-sort') === 'ascending';
    each('th[aria-sort]', function (other) { other.removeAttribute('aria-sort'); }, table);
    heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    rows.sort(function (a, b) {
      return (down ? -1 : 1) * compare(cellValue(a, index), cellValue(b, index));
    }).forEach(function (row) { table.tBodies[0].appendChild(row); });
  }
  function makeSortable(table) {
    each('thead th', function (heading) {
      var button = document.createElement('button'), index = heading.cellIndex;
      button.type = 'button';
      button.className = 'sort';
      while (heading.firstChild) button.appendChild(heading.firstChild);
      heading.appendChild(button);
      button.addEventListener('click', function () { sortBy(table, heading, index); });
    }, table);
  }

  // Filtering: a field with data-filter="#table" hides the rows that lack its words.
  function makeFilter(field) {
    var table = document.querySelector(field.getAttribute('data-filter'));
    if (!table) return;
    field.closest('[hidden]') && (field.closest('[hidden]').hidden = false);
    field.addEventListener('input', function () {
      var words = field.value.toLowerCase().split(/\s+/);
      Array.prototype.forEach.call(table.tBodies[0].rows, function (row) {
        var text = row.textContent.toLowerCase();
        row.hidden = !words.every(function (word) { return text.indexOf(word) >= 0; });
      });
    });
  }

  // Copying: a button with data-copy="#text" and what it says afterwards in data-done.
  function makeCopy(button) {
    button.hidden = false;
    button.addEventListener('click', function () {
      var source = document.querySelector(button.getAttribute('data-copy'));
      var text = 'value' in source ? source.value : source.innerText.trim();
      var done = function () {
        var label = button.textContent;
        button.textContent = button.getAttribute('data-done');
        setTimeout(function () { button.textContent = label; }, 2000);
      };
      if (navigator.clipboard) { navigator.clipboard.writeText(text).then(done); return; }
      if (source.select) { source.select(); document.execCommand('copy'); done(); }
    });
  }

  // Printing: a button with data-print prints the page.
  function makePrint(button) {
    button.hidden = false;
    button.addEventListener('click', function () { print(); });
  }

  // Forms: data-confirm asks first; a second click does nothing; an upload shows how far it is.
  function release(form) {
    form.removeAttribute('data-sent');
    each('button', function (button) { button.removeAttribute('aria-disabled'); }, form);
  }
  function upload(form) {
    var bar = form.querySelector('progress'), request = new XMLHttpRequest();
    bar.hidden = false;
    request.upload.onprogress = function (event) {
      if (event.lengthComputable) bar.value = Math.round(100 * event.loaded / event.total);
    };
    request.onload = function () {
      if (request.responseURL && request.status < 400) { location.assign(request.responseURL); return; }
      document.open(); document.write(request.responseText); document.close();
    };
    request.onerror = function () { bar.hidden = true; release(form); form.submit(); };
    request.open('POST', form.action);
    request.send(new FormData(form));
  }
  document.addEventListener('submit', function (event) {
    var form = event.target, question = form.getAttribute('data-confirm');
    if (form.getAttribute('data-sent') || (question && !confirm(question))) { event.preventDefault(); return; }
    if (form.closest('main') && !form.querySelector('[type=password]')) keepTyped();
    if (form.hasAttribute('data-download') || (event.submitter && event.submitter.hasAttribute('data-download'))) return;
    form.setAttribute('data-sent', '1');
    setTimeout(function () {
      each('button', function (button) { button.setAttribute('aria-disabled', 'true'); }, form);
    }, 0);
    if (form.querySelector('progress') && window.FormData) { event.preventDefault(); upload(form); }
  });
  window.addEventListener('pageshow', function (event) {
    if (event.persisted) each('form[data-sent]', release);
  });

  // A session may end while a form is filled in: what was typed is kept until the same page comes back after the login.
  // Fields are found again by their form, their place in it and their name: not all have an id.
  function eachTyped(work) {
    each('main form', function (form, number) {
      Array.prototype.forEach.call(form.elements, function (field, place) {
        if (field.name && !/^(hidden|password|file|submit|button)$/.test(field.type)) work(field, [number, place, field.name].join(' '));
      });
    });
  }
  function keepTyped() {
    var kept = {};
    eachTyped(function (field, key) { kept[key] = [field.value, field.checked]; });
    try { sessionStorage.setItem('typed', JSON.stringify([location.pathname, kept])); } catch (e) { return; }
  }
  function restoreTyped() {
    var kept = null, returns = document.referrer.indexOf('/staff/login') > 0;
    try { kept = JSON.parse(sessionStorage.getItem('typed') || 'null'); } catch (e) { return; }
    if (kept && returns && (kept[0] + '/').indexOf(location.pathname.replace(/\/$/, '') + '/') === 0) eachTyped(function (field, key) {
      var value = kept[1][key];
      if (!value) return;
      if (/^(checkbox|radio)$/.test(field.type)) field.checked = value[1]; else field.value = value[0];
    });
    if (!document.querySelector('[data-keep]')) sessionStorage.removeItem('typed');
  }

  // Dates: a button with data-days sets the end so many days after the beginning.
  function makeShortcut(button) {
    button.hidden = false;
    button.addEventListener('click', function () {
      var from = document.getElementById('opens_on'), to = document.getElementById('closes_on');
      var day = new Date((from.value || new Date().toISOString().slice(0, 10)) + 'T00:00:00Z');
      day.setUTCDate(day.getUTCDate() + Number(button.getAttribute('data-days')) - 1);
      to.value = day.toISOString().slice(0, 10);
    });
  }

  // Live pages: the part that says data-live is fetched anew every minute, while somebody looks.
  function refresh(part) {
    if (document.hidden || part.contains(document.activeElement)) return;
    fetch(location.pathname + location.search + (location.search ? '&' : '?') + 'live=1', {credentials: 'same-origin'}).then(function (answer) {
      return answer.ok && answer.url.indexOf('/login') < 0 ? answer.text() : '';
    }).then(function (text) {
      var page = text && new DOMParser().parseFromString(text, 'text/html');
      var fresh = page && page.querySelector('[data-live]');
      if (fresh) { part.innerHTML = fresh.innerHTML; prepare(part); }
    }).catch(function () { return null; });
  }

  // A trial: moving a weight or a mark fetches the figures anew, of what differs from the scheme that is tried.
  function makeTrial(form) {
    var part = document.getElementById(form.getAttribute('data-trial')), timer = 0, number = 0;
    function fetchFigures() {
      var asked = new URLSearchParams(), mine = ++number;
      Array.prototype.forEach.call(form.elements, function (field) {
        var before = field.options ? Array.prototype.filter.call(field.options, function (o) { return o.defaultSelected; })[0] : null;
        var was = field.options ? (before ? before.value : '') : field.defaultValue;
        if (field.name && field.type !== 'submit' && (field.type === 'hidden' || !/[.]/.test(field.name) || field.value !== was || given.has(field.name))) {
          asked.set(field.name, field.value);
        }
      });
      asked.set('live', '1');
      fetch(form.action + '?' + asked, {credentials: 'same-origin'}).then(function (answer) {
        return answer.ok && answer.url.indexOf('/login') < 0 ? answer.text() : '';
      }).then(function (text) {
        if (text && mine === number) part.innerHTML = text;
      }).catch(function () { return null; });
    }
    var given = new URLSearchParams(location.search);
    form.addEventListener('input', function () { clearTimeout(timer); timer = setTimeout(fetchFigures, 350); });
  }

  // Forms on paper: a key chooses an option and leads to the next question; Delete takes the answer back.
  function makeEntry(form) {
    function next(card) {
      do card = card.nextElementSibling; while (card && !card.matches('.entry-card'));
      var field = card && (card.querySelector(':checked') || card.querySelector('input, textarea'));
      (field || form.querySelector('[type=submit]')).focus();
    }
    form.addEventListener('keydown', function (event) {
      var card = event.target.closest('.entry-card'), key = /^(Delete|Backspace)$/.test(event.key) ? 'none' : event.key;
      if (!card || !/^(radio|checkbox)$/.test(event.target.type) || event.ctrlKey || event.altKey || event.metaKey) return;
      each('[data-key="' + key.replace(/["\\]/g, '') + '"]', function (option) {
        event.preventDefault();
        option.click();
        if (option.type === 'radio') next(card); else option.focus();
      }, card);
    });
  }

  function prepare(root) {
    each('form[data-trial]', makeTrial, root);
    each('table[data-sort]', makeSortable, root);
    each('[data-filter]', makeFilter, root);
    each('[data-copy]', makeCopy, root);
    each('[data-print]', makePrint, root);
    each('[data-days]', makeShortcut, root);
    each('[data-entry]', makeEntry, root);
  }
  prepare(document);
  restoreTyped();
  each('[data-live]', function (part) { setInterval(function () { refresh(part); }, 60000); });
  var summary = document.getElementById('error-summary');
  if (summary) summary.focus();
}());
