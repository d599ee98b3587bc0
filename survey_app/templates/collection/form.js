(function(){
var d=document,f=d.forms[0],key='draft:'+f.getAttribute('data-slug'),store;
try{store=f.getAttribute('data-shared')?null:window.localStorage;store&&store.getItem(key)}catch(e){store=null}
var code=d.getElementById('_code');
if(code&&location.hash.length>5){code.value=decodeURIComponent(location.hash.slice(1)).replace(/(.{4})(?=.)/g,'$1 ');history.replaceState(null,'',location.pathname+location.search)}
function all(s){return [].slice.call(d.querySelectorAll(s))}
var cards=all('[data-id]'),next=d.getElementById('next'),saved=d.getElementById('saved'),total=d.getElementById('total');
function given(id){var r=[];cards.forEach(function(c){if(c.getAttribute('data-id')===id&&!c.hidden)[].forEach.call(c.querySelectorAll('input:checked,input[type=hidden]'),function(i){r.push(i.value)})});return r}
function holds(c){var i,g;
if(c[0]==='!')return !holds(c[1]);
if(c[0]==='&'){for(i=1;i<c.length;i++)if(!holds(c[i]))return false;return true}
if(c[0]==='|'){for(i=1;i<c.length;i++)if(holds(c[i]))return true;return false}
g=given(c[1]);if(!g.length)return false;
var hit=g.some(function(x){return c[2].indexOf(x)>=0});return c[0]==='='?hit:!hit}
function open(c){return !c.hidden&&c.getAttribute('data-need')&&!c.querySelector('input:checked')}
function look(){var n=0;cards.forEach(function(c){var s=c.getAttribute('data-if');if(s){c.hidden=!holds(JSON.parse(s));[].forEach.call(c.querySelectorAll('input,textarea'),function(i){i.disabled=c.hidden})}
if(!c.hidden&&c.getAttribute('data-count'))n++});total.textContent=n;next.hidden=!cards.some(open)}
function keep(){if(!store)return;var v={};all('input:checked,textarea').forEach(function(i){if(i.value)(v[i.name]=v[i.name]||[]).push(i.value)});
try{store.setItem(key,JSON.stringify({t:+new Date(),v:v}));saved.hidden=false}catch(e){}}
function restore(){if(!store)return;var s;try{s=JSON.parse(store.getItem(key))}catch(e){}
if(!s||new Date()-s.t>2592e5){store.removeItem(key);return}
if(f.getAttribute('data-typed'))return;
all('input[type=radio],input[type=checkbox],textarea').forEach(function(i){var v=s.v[i.name];if(v){if(i.type==='textarea')i.value=v[0];else i.checked=v.indexOf(i.value)>=0}});
saved.hidden=false}
restore();look();
f.addEventListener('change',function(){look();keep()});
f.addEventListener('input',function(e){if(e.target.type==='textarea')keep()});
next.onclick=function(){for(var i=0;i<cards.length;i++)if(open(cards[i])){cards[i].scrollIntoView();cards[i].querySelector('input').focus();return}};
d.getElementById('clear').onclick=function(){if(store)store.removeItem(key);f.reset();all('input:checked').forEach(function(i){i.checked=false});all('textarea').forEach(function(t){t.value=''});saved.hidden=true;look()};
var busy=false,button=null,offline=d.getElementById('offline');
f.addEventListener('click',function(e){button=e.target.name==='_view'?e.target:null});
function send(){if(busy)return;busy=true;setTimeout(function(){busy=false},8000);
var x=new XMLHttpRequest();x.open('GET','/favicon.ico?'+(+new Date()));x.timeout=8000;
x.onload=function(){offline.hidden=true;f.submit()};
x.onerror=x.ontimeout=function(){busy=false;offline.hidden=false;offline.scrollIntoView()};x.send()}
f.addEventListener('submit',function(e){if(button)return;e.preventDefault();send()});
d.getElementById('again').onclick=send;
var resend=f.getAttribute('data-resend');if(resend)setTimeout(send,1000*resend*(1+Math.random()));
window.addEventListener('pageshow',function(e){busy=false;if(e.persisted)look()});
var error=d.getElementById('error');if(error)error.focus();
})();
