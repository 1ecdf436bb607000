desk-rectify-what-the-person-says-instead = What the person says instead
desk-rectify-what-was-said-or-written = What was said or written stays as it was. The statement stands beside it from now on: on the page, in every export and in what the person gets. It is redacted like the words it is about.
desk-rectify-beside-which-conversation = Beside which conversation
desk-rectify-the-statement = The statement
desk-rectify-from-which-moment = From which moment
desk-rectify-as-1-05-may-be = (as 1:05; may be empty)
desk-rectify-until-which-moment = Until which moment
desk-rectify-put-it-beside = Put it beside
