try{localStorage.removeItem('draft:'+document.querySelector('main').getAttribute('data-slug'))}catch(e){}
