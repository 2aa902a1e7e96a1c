// Tells the site's own pages, in this browser alone, to ask who is logged in.
localStorage.setItem("weerwoord.staff", "1");
