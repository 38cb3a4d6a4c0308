-- Where work on an archive stands, to go on from there; see 0002-archive.sql.

CREATE TABLE checkpoint (
  archive text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  made_of text NOT NULL,
  content text NOT NULL,
  PRIMARY KEY (archive, name)
);
