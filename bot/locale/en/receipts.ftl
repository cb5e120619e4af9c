# Receipts: at most 40 words each. What happened, who will see it and when, thanks.

receipt-summary = Thank you
receipt-together = Thank you. All responses open together, mixed up and without names: { $opens }.
receipt-after-you =
    Thank you. Others see your words once they have sent theirs, and everybody when it closes: { $closes }.
receipt-open = Thank you. Your words are posted together with others, without your name: { $opens }.
receipt-open-posted = Thank you. Your words are changed. They are in the thread, without your name.
receipt-stance = Thank you. What you chose only shows in totals.
receipt-second-thoughts = Thank you. Your second thoughts stand beside your first words.
receipt-new-words = Thank you. Your new words are shown as second thoughts.
receipt-withdraw = Your words are taken back. You can write new ones while the card is open.
receipt-withdraw-stance = Your words are taken back. What you chose at “true here?” still counts.
receipt-withdraw-after-you = Your words are taken back. New words will be shown as second thoughts.
receipt-pass = Thank you. Passing is fine, and you are heard too. You can still respond if something comes to mind.
receipt-reply-counts = Thank you. This reply is your response.
receipt-reply-early = Thank you. This is a comment. For your response, press Respond on the card.
receipt-reply-afterthought = Thank you. This card has closed, so this is an afterthought.
receipt-reply-comment = Thank you. This is a comment in the thread.
receipt-reply-named = People in this channel can see your name.
receipt-change-reply = Your words are changed.
receipt-delete-reply = Your words are deleted.
receipt-vote = Your vote is saved: { $choice }. You can change it until the card closes. Nobody sees your vote.
receipt-lightbulb = You gave a lightbulb. Nobody sees that it was you.
receipt-lightbulb-back = You took the lightbulb back.
receipt-lightbulbs =
    { $left ->
        [0] You have none left.
        [one] You have one left.
       *[other] You have { $left } left.
    }
receipt-second-stance = Thank you. Now you say: { $stance }. You can change it until the card closes.
receipt-tell-me = You will get one private message when the responses open.
receipt-do-not-tell = We will not send you a message about this card.
receipt-pledge = Thank you. Your pledge is made, by { $by }. When the day comes, tell us how it went.
receipt-join = Thank you for joining in. Only the number of people is shown.
receipt-in-thread = It is in the thread for everybody to see.
receipt-in-recap = It is in the recap for everybody to see.
receipt-pledge-done = Well done, and thank you. Your pledge is marked as done.
receipt-pledge-dropped = That is fine. Things change. Your pledge is marked as let go.
receipt-pledge-removed = Your pledge is deleted.
receipt-pledge-open = Your pledge is open again.
receipt-pause = The card is paused. Thank you for saying so. The facilitator reads your reason, not your name.
receipt-resume = We go on. This part is open until { $until }.
receipt-without-results = The card is closed without results. Nothing that was sent privately is shown.
receipt-reveal = The responses are open now. The thread says that you opened them early.
receipt-close = The card is closed now. The thread says that you closed it early.
receipt-extend = There is more time now, until { $until }. The thread says so.
receipt-take-back = The card is taken back. All responses to it are deleted.
receipt-dealt = Your card is on the table.
receipt-dealt-more = Under More you can give more time, or take it back.
receipt-dealt-first = You dealt the first card here, so you look after this place for now.
