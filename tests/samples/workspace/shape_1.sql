BEGIN TRANSACTION;
CREATE TABLE accounts (
	client VARCHAR NOT NULL, 
	account VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	answers JSON NOT NULL, 
	PRIMARY KEY (client, account, source), 
	FOREIGN KEY(client) REFERENCES clients (slug)
);
CREATE TABLE actions (
	id INTEGER NOT NULL, 
	client VARCHAR NOT NULL, 
	what TEXT NOT NULL, 
	owner VARCHAR NOT NULL, 
	due DATE, 
	metric VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	expected FLOAT, 
	state VARCHAR NOT NULL, 
	since DATE, 
	said TEXT NOT NULL, 
	entered DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(client) REFERENCES clients (slug)
);
CREATE TABLE campaigns (
	client VARCHAR NOT NULL, 
	sent VARCHAR NOT NULL, 
	system VARCHAR NOT NULL, 
	campaign_id VARCHAR NOT NULL, 
	campaign VARCHAR NOT NULL, 
	PRIMARY KEY (client, sent), 
	FOREIGN KEY(client) REFERENCES clients (slug)
);
CREATE TABLE changes (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	who VARCHAR NOT NULL, 
	client VARCHAR NOT NULL, 
	what VARCHAR NOT NULL, 
	"before" TEXT, 
	"after" TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "changes" VALUES(1,'2026-11-23 22:23:30.751100','anna','shop','client added',NULL,'{"currency": "RUB", "name": "Чайная лавка", "timezone": "Europe/Moscow"}');
INSERT INTO "changes" VALUES(2,'2026-11-23 22:23:30.757751','anna','shop','marks added',NULL,'[{"channel": "", "kind": "ours", "masks": false, "origin": "", "since": "2026-03-01", "text": "Новый сайт", "until": "2026-03-02"}]');
INSERT INTO "changes" VALUES(3,'2026-11-23 22:23:30.763283','anna','shop','plan',NULL,'{"channel": "", "metric": "visits", "month": "2026-04-01", "value": 1200.0}');
CREATE TABLE clients (
	slug VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	currency VARCHAR NOT NULL, 
	timezone VARCHAR NOT NULL, 
	facts JSON NOT NULL, 
	added_at DATETIME NOT NULL, 
	PRIMARY KEY (slug)
);
INSERT INTO "clients" VALUES('shop','Чайная лавка','RUB','Europe/Moscow','{}','2026-11-23 22:23:30.749887');
CREATE TABLE commentary (
	client VARCHAR NOT NULL, 
	template VARCHAR NOT NULL, 
	block VARCHAR NOT NULL, 
	since DATE NOT NULL, 
	until DATE NOT NULL, 
	language VARCHAR NOT NULL, 
	title TEXT NOT NULL, 
	text TEXT NOT NULL, 
	digest VARCHAR NOT NULL, 
	who VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (client, template, block, since, until, language), 
	FOREIGN KEY(client) REFERENCES clients (slug)
);
CREATE TABLE deliveries (
	id INTEGER NOT NULL, 
	client VARCHAR NOT NULL, 
	template VARCHAR NOT NULL, 
	day INTEGER NOT NULL, 
	at VARCHAR NOT NULL, 
	formats VARCHAR NOT NULL, 
	recipients TEXT NOT NULL, 
	language VARCHAR NOT NULL, 
	hold BOOLEAN NOT NULL, 
	active BOOLEAN NOT NULL, 
	entered DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(client) REFERENCES clients (slug)
);
CREATE TABLE frozen (
	id INTEGER NOT NULL, 
	client VARCHAR NOT NULL, 
	template VARCHAR NOT NULL, 
	since DATE NOT NULL, 
	until DATE NOT NULL, 
	language VARCHAR NOT NULL, 
	title TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	story TEXT NOT NULL, 
	digest VARCHAR NOT NULL, 
	who VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(client) REFERENCES clients (slug)
);
CREATE TABLE links (
	id INTEGER NOT NULL, 
	client VARCHAR NOT NULL, 
	frozen INTEGER NOT NULL, 
	drawn VARCHAR NOT NULL, 
	expires DATETIME NOT NULL, 
	revoked DATETIME, 
	opened INTEGER NOT NULL, 
	last_opened DATETIME, 
	who VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(client) REFERENCES clients (slug), 
	FOREIGN KEY(frozen) REFERENCES frozen (id), 
	UNIQUE (drawn)
);
CREATE TABLE looks (
	client VARCHAR NOT NULL, 
	accent VARCHAR NOT NULL, 
	logo BLOB, 
	PRIMARY KEY (client), 
	FOREIGN KEY(client) REFERENCES clients (slug)
);
CREATE TABLE marks (
	id INTEGER NOT NULL, 
	client VARCHAR NOT NULL, 
	since DATE NOT NULL, 
	until DATE NOT NULL, 
	text TEXT NOT NULL, 
	kind VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	masks BOOLEAN NOT NULL, 
	origin VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(client) REFERENCES clients (slug)
);
INSERT INTO "marks" VALUES(1,'shop','2026-03-01','2026-03-02','Новый сайт','ours','',0,'');
CREATE TABLE outlines (
	client VARCHAR NOT NULL, 
	template VARCHAR NOT NULL, 
	blocks JSON NOT NULL, 
	PRIMARY KEY (client, template), 
	FOREIGN KEY(client) REFERENCES clients (slug)
);
CREATE TABLE overrules (
	client VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	stage VARCHAR NOT NULL, 
	reason TEXT NOT NULL, 
	since DATE NOT NULL, 
	who VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (client, subject), 
	FOREIGN KEY(client) REFERENCES clients (slug)
);
CREATE TABLE parcels (
	id INTEGER NOT NULL, 
	client VARCHAR NOT NULL, 
	delivery INTEGER NOT NULL, 
	since DATE NOT NULL, 
	until DATE NOT NULL, 
	formats VARCHAR NOT NULL, 
	recipients TEXT NOT NULL, 
	frozen INTEGER, 
	state VARCHAR NOT NULL, 
	reasons TEXT NOT NULL, 
	tries INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (delivery, since, until), 
	FOREIGN KEY(client) REFERENCES clients (slug), 
	FOREIGN KEY(frozen) REFERENCES frozen (id)
);
CREATE TABLE reactions (
	id INTEGER NOT NULL, 
	client VARCHAR NOT NULL, 
	frozen INTEGER NOT NULL, 
	link INTEGER NOT NULL, 
	block VARCHAR NOT NULL, 
	mark VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	seen DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(client) REFERENCES clients (slug), 
	FOREIGN KEY(frozen) REFERENCES frozen (id), 
	FOREIGN KEY(link) REFERENCES links (id)
);
CREATE TABLE sent (
	id INTEGER NOT NULL, 
	frozen INTEGER NOT NULL, 
	whom TEXT NOT NULL, 
	formats VARCHAR NOT NULL, 
	who VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(frozen) REFERENCES frozen (id)
);
CREATE TABLE sheets (
	client VARCHAR NOT NULL, 
	fingerprint VARCHAR NOT NULL, 
	mapping JSON NOT NULL, 
	PRIMARY KEY (client, fingerprint), 
	FOREIGN KEY(client) REFERENCES clients (slug)
);
CREATE TABLE targets (
	client VARCHAR NOT NULL, 
	month DATE NOT NULL, 
	metric VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	value FLOAT NOT NULL, 
	PRIMARY KEY (client, month, metric, channel), 
	FOREIGN KEY(client) REFERENCES clients (slug)
);
INSERT INTO "targets" VALUES('shop','2026-04-01','visits','',1200.0);
CREATE TABLE views (
	id INTEGER NOT NULL, 
	client VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	page VARCHAR NOT NULL, 
	address TEXT NOT NULL, 
	who VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (client, page, name), 
	FOREIGN KEY(client) REFERENCES clients (slug)
);
CREATE INDEX ix_marks_client ON marks (client);
CREATE INDEX ix_actions_client ON actions (client);
CREATE INDEX ix_deliveries_client ON deliveries (client);
CREATE INDEX ix_frozen_client ON frozen (client);
CREATE INDEX ix_views_client ON views (client);
CREATE INDEX ix_sent_frozen ON sent (frozen);
CREATE INDEX ix_links_client ON links (client);
CREATE INDEX ix_parcels_client ON parcels (client);
CREATE INDEX ix_reactions_client ON reactions (client);
COMMIT;
