# App Home: what is open, what waits for me, a card to try, privacy.

home-heading = In My Shoes
home-nothing = Nothing waits for you. When a card is dealt in one of your channels, you will find it here.
home-waits = Waiting for you
home-open = Also open
home-card = { $number }. In the shoes of { $shoes }, in { $place }
home-not-yet = You have not responded yet. You can until { $until }. Passing is fine.
home-heard = We have heard from you. Thank you. You can change it until { $until }.
home-pledges = Your pledges
home-pledge = { $number }. You will, by { $by }
home-campaigns = A card a day
home-campaigns-how = Would you like a new card each day in one of your channels? Go there, and type: { $how }
home-campaign = { $number }. “{ $title }” in { $place }
home-no-campaign = { $number }. You look after { $place }. A card a day could begin there.
button-home-campaign = Look at { $number }
button-home-plan = Plan { $number }
home-try = Have a look
home-try-about = See a card by yourself. Nothing is kept.
home-privacy = Who sees what
home-privacy-about =
    What you send with a button is shown without your name. What you write in a thread has your name beside it.
button-home-respond = Respond to card { $number }
button-home-change = Change your words for card { $number }
button-home-vote = Vote on card { $number }
button-home-done = Pledge { $number } is done
button-home-dropped = Let pledge { $number } go
button-me = About me
button-help = Help
