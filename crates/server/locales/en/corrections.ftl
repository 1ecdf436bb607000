corrections-corrections = Corrections
corrections-what-a-person-says-instead = What a person says instead
corrections-somebody-who-took-part-says = Somebody who took part says that something here is wrong. What was said stays as it was; their statement goes with it wherever it goes.
corrections-about = about
